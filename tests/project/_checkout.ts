/**
 * This checkout, for tests that use it as others do.
 *
 * @module
 */
import { assertEquals } from "@std/assert";

/** Its folder. */
export const ROOT = new URL("../../", import.meta.url).pathname;

/** What a program said. */
export interface Said {
  /** Exit code. */
  readonly code: number;
  /** Standard output and error. */
  readonly text: string;
}

/** Run Deno in a folder. */
export async function deno(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Said> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** The same, for what has to work. */
export async function works(
  args: readonly string[],
  cwd: string,
  env?: Readonly<Record<string, string>>,
): Promise<string> {
  const { code, text } = await deno(args, cwd, env);
  assertEquals(code, 0, `deno ${args.join(" ")}\n${text}`);
  return text;
}

/** A copy of what belongs to the checkout, ignored files left out. */
export async function copyOfCheckout(): Promise<string> {
  const dir = await Deno.makeTempDir();
  const { stdout } = await new Deno.Command("git", {
    args: ["ls-files", "--cached", "--others", "--exclude-standard"],
    cwd: ROOT,
  }).output();
  const paths = new TextDecoder().decode(stdout).split("\n").filter(Boolean);
  for (const path of paths) {
    await Deno.mkdir(`${dir}/${path}`.replace(/\/[^/]*$/, ""), {
      recursive: true,
    });
    await Deno.copyFile(ROOT + path, `${dir}/${path}`);
  }
  return dir;
}

/** The lines of a code block of the README: the first one behind some words. */
export function readmeBlock(behind: string, language: string): string[] {
  const readme = Deno.readTextFileSync(`${ROOT}README.md`);
  const [head, ...code] = readme.slice(readme.indexOf(behind))
    .split("\n```")[1]!.split("\n");
  assertEquals(head, language);
  return code;
}

/** The plugin of the README's first section, as one would save it. */
export function readmePlugin(): string {
  return `${readmeBlock("`plugins/good_enough.ts`", "ts").join("\n")}\n`;
}
