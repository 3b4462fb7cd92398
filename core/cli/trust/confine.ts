/**
 * Taking back permissions: Deno lets a program give them up, and never gives
 * them again.
 *
 * @module
 */
import type { Permissions } from "../../plugin.ts";

/**
 * Give up the net and writing, save for what is kept. What was granted as a
 * whole (`--allow-write`, `--allow-net`) can be given up only as a whole, and so
 * stays where any of it is kept.
 *
 * @param kept What the run needs.
 * @param granted What the tasks grant, so far as it is known.
 */
export async function confine(
  kept: Permissions,
  granted: Permissions,
): Promise<void> {
  const { write = [], net = [] } = kept;
  await narrow(
    write.map((path) => ({ name: "write", path })),
    [...write.map(parentOf), ...granted.write ?? []]
      .filter((path) => !write.includes(path))
      .map((path) => ({ name: "write", path })),
    { name: "write" },
  );
  await narrow(
    net.map((host) => ({ name: "net", host })),
    [...net.map(withoutPort), ...granted.net ?? []]
      .filter((host) => !net.includes(host))
      .map((host) => ({ name: "net", host })),
    { name: "net" },
  );
}

/** Give up all that the command line is ever given but reading, before plugins are loaded to be looked at. */
export async function confineToReading(): Promise<void> {
  for (const name of ["write", "net", "run"] as const) {
    await Deno.permissions.revoke({ name });
  }
}

/**
 * Give up importing code from the net: what a plugin imports from here on must
 * be there already.
 */
export async function closeImports(): Promise<void> {
  const all = { name: "import" } as unknown as Deno.PermissionDescriptor;
  await Deno.permissions.revoke(all);
}

/**
 * A permission that is asked for while a wider one is there outlives that one;
 * to revoke one revokes all that are as wide or wider.
 */
async function narrow(
  kept: readonly Deno.PermissionDescriptor[],
  given: readonly Deno.PermissionDescriptor[],
  whole: Deno.PermissionDescriptor,
): Promise<void> {
  const { permissions } = Deno;
  let any = false;
  for (const one of kept) {
    // Deno would ask the user for what is not there.
    if ((await permissions.query(one)).state !== "granted") continue;
    await permissions.request(one);
    any = true;
  }
  if (!any) await permissions.revoke(whole);
  for (const one of given) await permissions.revoke(one);
}

function parentOf(path: string): string {
  return `${path}/..`;
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, "");
}
