/**
 * How the command line loads the files of a plugins folder: those that are to be
 * isolated into a worker, and none whose package needs more than its file says.
 *
 * @module
 */
import { denoHost, type DiscoveryHost } from "../../contract/discovery_host.ts";
import { fileUrl } from "../../contract/load_module.ts";
import {
  permissionsProblem,
  permissionsText,
  readTerms,
  type Terms,
} from "../../contract/permissions.ts";
import { InputError } from "../../errors.ts";
import type { Permissions, Plugin } from "../../plugin.ts";
import { isolatedModule } from "./isolate/isolate.ts";
import { sourceOf } from "./source.ts";

/** Which files are isolated besides those that say so themselves. */
export type Isolated = (path: string) => boolean;

/**
 * A host that heeds what files say of themselves.
 *
 * @param isolated Default: no other.
 */
export function pluginHost(isolated: Isolated = () => false): DiscoveryHost {
  const { list, load } = denoHost();
  return {
    list,
    async load(path) {
      const terms = readTerms(sourceOf(path));
      const module = terms.isolate || isolated(path)
        ? await isolatedModule(fileUrl(path))
        : await load(path);
      checkPermissions(module.permissions, terms);
      return module;
    },
  };
}

/**
 * A plugin that a file has made asks for no more than the file says: what a run
 * keeps was settled by that.
 *
 * @param plugin What the file has made.
 * @param file Path of the file.
 * @throws {InputError} If it asks for more.
 */
export function checkAsked({ permissions = {} }: Plugin, file: string): void {
  const problem = permissionsProblem(permissions);
  if (problem) {
    throw new InputError(`Cannot use ${file}: its plugin has ${problem}`);
  }
  const kinds = Object.keys(permissions) as (keyof Permissions)[];
  if (kinds.length === 0) return;
  const { permissions: said } = readTerms(sourceOf(file));
  const more = kinds.some((kind) =>
    permissions[kind]!.some((name) => !said[kind]?.includes(name))
  );
  if (!more) return;
  throw new InputError(
    `Cannot use ${file}: its plugin asks for the permissions "${
      permissionsText(permissions)
    }", but the file says "${
      permissionsText(said)
    }"; expected them at the top level of the file too, as export const permissions = { … };`,
  );
}

/** What a package needs may have changed since it was added. */
function checkPermissions(
  needed: unknown,
  { permissions }: Terms,
): void {
  const problem = permissionsProblem(needed);
  if (problem) throw new InputError(`it has ${problem}`);
  const [needs, has] = [
    permissionsText(needed as Permissions),
    permissionsText(permissions),
  ];
  if (needs === has) return;
  throw new InputError(
    `it declares the permissions "${needs}", but the file grants "${has}"; look at what it is now, then remove the file and add it again with deno task plugins add`,
  );
}
