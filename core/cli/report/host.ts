/**
 * The machine a run is on, as far as may be asked without a permission.
 *
 * @module
 */

/** A machine. */
export interface Host {
  /** The operating system, such as `"linux"`. */
  readonly os: string;
  /** The processor, such as `"x86_64"`. */
  readonly arch: string;
  /** How many cores it has. */
  readonly cores: number;
  /** Its name in the network, where `--allow-sys=hostname` is given. */
  readonly name?: string;
}

/** This machine. */
export function host(): Host {
  const { os, arch } = Deno.build;
  const name = hostName();
  return {
    os,
    arch,
    cores: navigator.hardwareConcurrency,
    ...name !== undefined && { name },
  };
}

/** Its name, where that may be asked. */
export function hostName(): string | undefined {
  const { state } = Deno.permissions.querySync({
    name: "sys",
    kind: "hostname",
  });
  return state === "granted" ? Deno.hostname() : undefined;
}
