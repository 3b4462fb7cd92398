/**
 * The files that a module is made of beside itself, by which a change in any of
 * them is noticed.
 *
 * @module
 */
import { fileUrl } from "../../contract/load_module.ts";
import { sourceOf } from "../trust/source.ts";
import { fileHash } from "./fingerprint.ts";

/** What a module takes from a file beside it: `from "./x.ts"`, `import "../x.ts"`, `import("./x.ts")`. */
const IMPORT = /\b(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g;

/** Files of hookloop itself, which its version tells. */
const OWN = ["../../../mod.ts", "../../../core/"]
  .map((path) => new URL(path, import.meta.url).pathname);

/**
 * The SHA-256 of each file that a module imports by its path, or that one of
 * those does. What it imports by a name, such as a package, is not among them.
 *
 * @param path The module's file.
 * @returns By path, from the current folder for what is in it; sorted.
 */
export function importedFiles(path: string): Record<string, string> {
  const seen = new Set([fileUrl(path)]);
  const found: [path: string, sha256: string][] = [];
  for (const importer of seen) {
    for (const [, name] of sourceOf(pathOf(importer)).matchAll(IMPORT)) {
      const url = new URL(name!, importer);
      if (OWN.some((own) => url.pathname.startsWith(own))) continue;
      const sha256 = seen.has(url.href) ? undefined : fileHash(url);
      if (sha256 === undefined) continue;
      seen.add(url.href);
      found.push([fromHere(pathOf(url.href)), sha256]);
    }
  }
  return Object.fromEntries(found.sort());
}

function pathOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname);
}

function fromHere(path: string): string {
  const here = `${Deno.cwd()}/`;
  return path.startsWith(here) ? path.slice(here.length) : path;
}
