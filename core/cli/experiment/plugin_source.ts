/**
 * What a plugin was made of: the version of its package, and the content of its
 * file.
 *
 * @module
 */
import config from "../../../deno.json" with { type: "json" };
import type { PluginSource } from "../../contract/plugin_list.ts";
import { fileHash } from "../report/fingerprint.ts";
import { importedFiles } from "../report/imported_files.ts";
import { sourceOf } from "../trust/source.ts";

/**
 * The source of a plugin of this package. Its file is read where it is on this
 * machine, and may be; elsewhere the version says it all.
 *
 * @param name Its name.
 */
export function builtinSource(name: string): PluginSource {
  const file = `../../../plugins/${name.replaceAll("-", "_")}.ts`;
  const sha256 = fileHash(new URL(file, import.meta.url));
  return {
    version: `hookloop ${config.version}`,
    ...sha256 && { sha256 },
  };
}

/**
 * The source of a plugin in a file of one's own, which may be no more than the
 * name of a package.
 *
 * @param file Its path.
 */
export function fileSource(file: string): PluginSource {
  const packages = sourceOf(file)
    .matchAll(/\bfrom\s+["']((?:jsr|npm):[^"']+)["']/g);
  const version = [...new Set([...packages].map(([, name]) => name!))]
    .join(", ");
  const sha256 = fileHash(file);
  const imports = importedFiles(file);
  return {
    ...version && { version },
    ...sha256 && { sha256 },
    ...Object.keys(imports).length && { imports },
  };
}
