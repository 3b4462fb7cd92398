/**
 * What a specifier stands for, as Deno resolves it: which version, and what it
 * imports. Nothing of it is run.
 *
 * @module
 */
import { InputError } from "../../errors.ts";

/** A package or a module. */
export interface PackageInfo {
  /** Its specifier with its exact version. */
  readonly pinned: string;
  /** Name of the plugin, from that of the package or the file. */
  readonly name: string;
  /** What it imports to run: packages with their versions, and modules that are in none. Types are erased. */
  readonly imports: readonly string[];
}

/** What `deno info --json` says. */
interface Graph {
  readonly roots: readonly string[];
  readonly redirects: Readonly<Record<string, string>>;
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly npmPackage?: string;
    readonly dependencies?: readonly {
      readonly code?: { readonly specifier?: string };
    }[];
  }[];
  readonly npmPackages: Readonly<
    Record<string, { readonly dependencies: readonly string[] }>
  >;
}

/**
 * Look a specifier up. Deno fetches it, if it must.
 *
 * @param specifier Such as `jsr:@scope/hookloop-x@1`, `npm:…`, `https:…`, or
 * the path of a module.
 * @throws {InputError} If there is no such thing.
 */
export async function packageInfo(specifier: string): Promise<PackageInfo> {
  const graph = await graphOf(specifier);
  const broken = graph.modules.find(({ error }) => error);
  if (broken) {
    throw new InputError(`Cannot add ${specifier}: ${broken.error}`);
  }
  const [root = specifier] = graph.roots;
  const resolved = graph.redirects[root] ?? root;
  return {
    pinned: pin(specifier, resolved),
    name: nameOf(specifier),
    imports: importsOf(graph, resolved),
  };
}

async function graphOf(specifier: string): Promise<Graph> {
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command("deno", {
      args: ["info", "--json", specifier],
      stdin: "null",
    }).output();
  } catch (error) {
    throw new InputError(
      `Cannot look up ${specifier}: it takes the program deno, and --allow-run=deno`,
      { cause: error },
    );
  }
  const text = new TextDecoder();
  if (output.success) return JSON.parse(text.decode(output.stdout));
  const [why = ""] = text.decode(output.stderr)
    // deno-lint-ignore no-control-regex -- Deno colours its messages
    .replaceAll(/\x1b\[[0-9;]*m/g, "").match(/(?<=error: ).*/) ?? [];
  throw new InputError(`Cannot look up ${specifier}: ${why || "deno failed"}`);
}

/** The specifier with the version that it was resolved to. A file or an address is what it is. */
function pin(specifier: string, resolved: string): string {
  const [, scheme, name, path = ""] =
    /^(jsr|npm):\/?((?:@[^/]+\/)?[^/@]+)(?:@[^/]*)?(\/.*)?$/.exec(specifier) ??
      [];
  const version = scheme === "jsr"
    ? /^https:\/\/[^/]+\/@[^/]+\/[^/]+\/([^/]+)\//.exec(resolved)?.[1]
    : /^npm:\/?(?:@[^/]+\/)?[^/@]+@([^/]+)/.exec(resolved)?.[1];
  return scheme && version ? `${scheme}:${name}@${version}${path}` : specifier;
}

/** `hookloop-x`, `plugins/my_x.ts` and `@scope/x/mod.ts` are all called after x. */
function nameOf(specifier: string): string {
  const words = specifier.replace(/^\w+:\/*/, "").split("/")
    .filter((word) => word && !/^(mod|index|main)\.\w+$/.test(word));
  const last = words.findLast((word) => !word.startsWith("@")) ?? "plugin";
  return last.replace(/(?<=.)@.*$/, "").replace(/\.\w+$/, "")
    .replace(/^hookloop[-_]/, "").replaceAll("_", "-");
}

/** What its code reaches. */
function importsOf(
  { modules, npmPackages, redirects }: Graph,
  resolved: string,
): string[] {
  const bySpecifier = new Map(modules.map((one) => [one.specifier, one]));
  const home = /^https:\/\/jsr\.io\/@[^/]+\/[^/]+\/[^/]+\//.exec(resolved)?.[0];
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (specifier: string) => {
    if (seen.has(specifier)) return;
    seen.add(specifier);
    const next = redirects[specifier];
    if (next) return visit(next);
    const { npmPackage, dependencies = [] } = bySpecifier.get(specifier) ?? {};
    if (npmPackage) found.add(npmText(npmPackage, npmPackages));
    else if (specifier !== resolved && !(home && specifier.startsWith(home))) {
      found.add(shown(specifier));
    }
    for (const { code } of dependencies) {
      if (code?.specifier) visit(code.specifier);
    }
  };
  visit(resolved);
  return [...found].sort();
}

/** A package from npm, and how many come with it. */
function npmText(name: string, packages: Graph["npmPackages"]): string {
  const all = new Set([name]);
  // What is added while a set is walked is walked too.
  for (const one of all) {
    packages[one]?.dependencies.forEach((dependency) => all.add(dependency));
  }
  const others = all.size - 1;
  // Behind "_" are the versions of its peers.
  const short = name.replace(/(?<=.@[^_@]+)_.*$/, "");
  return `npm:${short}${others > 0 ? ` and ${others} that it needs` : ""}`;
}

/** A module of a JSR package as that package. */
function shown(specifier: string): string {
  const [, name, version] =
    /^https:\/\/jsr\.io\/(@[^/]+\/[^/]+)\/([^/]+)\//.exec(specifier) ?? [];
  return name ? `jsr:${name}@${version}` : specifier;
}
