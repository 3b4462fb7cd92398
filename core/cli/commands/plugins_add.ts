/**
 * `deno task plugins add SPECIFIER`: what a package's plugin does and needs, and
 * once it is confirmed, the file in `plugins/` that turns it on.
 *
 * @module
 */
import { fileUrl } from "../../contract/load_module.ts";
import {
  permissionsProblem,
  permissionsText,
} from "../../contract/permissions.ts";
import { InputError, messageOf } from "../../errors.ts";
import {
  existsSync,
  fileError,
  makeFolderOf,
  writeWholeSync,
} from "../../files.ts";
import type { Permissions } from "../../plugin.ts";
import { terminal } from "../../terminal.ts";
import { needsText } from "../report/plan_text.ts";
import { describeModule } from "../trust/isolate/isolate.ts";
import type {
  Description,
  ModuleDescription,
} from "../trust/isolate/messages.ts";
import { type PackageInfo, packageInfo } from "../trust/package_info.ts";

/** How to add it. */
export interface AddOptions {
  /** Folder of plugins. */
  readonly dir: string;
  /** Name of the plugin's file. Default: that of the package. */
  readonly name?: string | undefined;
  /** Whether to add it without asking. */
  readonly yes: boolean;
}

/**
 * Show a package's plugin and add it. Its code runs in a worker without
 * permissions only.
 *
 * @param specifier `jsr:…`, `npm:…`, `https:…` or the path of a module.
 * @returns The exit code: 1 if it was not confirmed.
 * @throws {InputError} If it is no plugin, or there is a file in its place.
 */
export async function addPlugin(
  specifier: string,
  { dir, name: named, yes }: AddOptions,
): Promise<number> {
  const screen = terminal();
  const info = await packageInfo(specifier);
  const name = named ?? info.name;
  const path = `${dir}/${name.replaceAll("-", "_")}.ts`;
  if (existsSync(path)) {
    throw new InputError(
      `Cannot add ${specifier}: ${path} is there already; remove it, or choose another name with --name`,
    );
  }
  const from = /^\.{0,2}\//.test(specifier)
    ? relativeTo(dir, info.pinned)
    : info.pinned;
  const { module, plugin } = await described(specifier, info.pinned);
  const problem = permissionsProblem(module.permissions);
  if (problem) {
    throw new InputError(`Cannot add ${specifier}: it has ${problem}`);
  }
  for (const line of details(info, module, plugin)) screen.print(line);
  screen.print("");
  if (!yes && !agreed(`Add it as ${path}?`)) {
    screen.print(
      "Nothing was written: --yes adds it where no one can be asked",
    );
    return 1;
  }
  write(path, fileText(from, module.permissions as Permissions));
  screen.print(`wrote ${path}${nextStep(name, module)}`);
  return 0;
}

async function described(
  specifier: string,
  pinned: string,
): Promise<{ module: ModuleDescription; plugin: Description | undefined }> {
  try {
    const { module, sample } = await describeModule(addressOf(pinned));
    const plugin = module.plugin ?? sample;
    const hooks = Object.keys(plugin?.hooks ?? {}).length;
    // A function that wants options may yet return one.
    if (hooks > 0 || (module.main === "factory" && !plugin)) {
      return { module, plugin };
    }
  } catch (error) {
    throw new InputError(
      `Cannot add ${specifier}: it cannot be loaded without permissions: ${
        messageOf(error)
      }`,
      { cause: error },
    );
  }
  throw new InputError(
    `Cannot add ${specifier}: it has no plugin; expected a default export that is an object with hooks, or a function that returns one`,
  );
}

function details(
  { pinned, imports }: PackageInfo,
  { main, permissions }: ModuleDescription,
  plugin: Description | undefined,
): string[] {
  const { hooks = {}, needs = {}, provides = {}, requires = [] } = plugin ?? {};
  const byHook = Object.entries(needs)
    .map(([hook, keys]) => `${hook}: ${needsText(keys)}`);
  const added = Object.values(provides).flat();
  const rows: [string, string][] = [
    ["hooks", Object.keys(hooks).join(", ") || "known once it has its options"],
    ["needs", byHook.join("; ") || (plugin?.needs ? "nothing" : "all keys")],
    ["provides", added.join(", ") || "nothing"],
    ["requires", requires.join(", ") || "nothing"],
    ["imports", imports.join(", ") || "nothing"],
    ["permissions", permissionsText(permissions as Permissions)],
  ];
  return [
    `${pinned}, ${main === "plugin" ? "on" : "waits for --use"} once added`,
    "",
    ...rows.map(([title, text]) => `${title.padEnd(12)} ${text}`),
  ];
}

/** Where nobody sits, nobody agrees. */
function agreed(question: string): boolean {
  return Deno.stdin.isTerminal() && confirm(question);
}

function fileText(from: string, permissions: Permissions | undefined): string {
  const lines = [
    `export * from ${JSON.stringify(from)};`,
    `export { default } from ${JSON.stringify(from)};`,
  ];
  if (permissionsText(permissions) !== "none") {
    lines.push(`export const granted = ${literal(permissions!)};`);
  }
  return `${lines.join("\n")}\n`;
}

/** As deno fmt writes it. */
function literal(permissions: Permissions): string {
  const lists = Object.entries(permissions).map(([kind, list]) =>
    `${kind}: [${list.map((name: string) => JSON.stringify(name)).join(", ")}]`
  );
  return `{ ${lists.join(", ")} }`;
}

function nextStep(name: string, { main, permissions }: ModuleDescription) {
  const { net = [], write = [], env = [] } = permissions as Permissions ?? {};
  const flags = [
    ...net.length ? [`--allow-net=${net.join(",")}`] : [],
    ...write.length ? [`--allow-write=${write.join(",")}`] : [],
    ...env.length ? [`--allow-env=${env.join(",")}`] : [],
  ];
  return [
    main === "factory" ? `: deno task train --use ${name}` : ": it is on",
    flags.length
      ? `; its permissions take ${flags.join(" ")} in the task in deno.json`
      : "",
  ].join("");
}

function write(path: string, text: string): void {
  try {
    makeFolderOf(path);
    writeWholeSync(path, text);
  } catch (error) {
    throw fileError(`Cannot write ${path}`, "write", path, error);
  }
}

/** A path as a module's address. */
function addressOf(specifier: string): string {
  return /^\w+:/.test(specifier) ? specifier : fileUrl(specifier);
}

/** A path from the current folder, as a file in `dir` writes it. */
function relativeTo(dir: string, path: string): string {
  if (path.startsWith("/")) return fileUrl(path);
  const up = dir.split("/").filter((part) => part && part !== ".")
    .map(() => "..").join("/");
  return `${up}/${path.replace(/^\.\//, "")}`;
}
