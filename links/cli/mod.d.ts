// Types of the part of @std/cli that hookloop uses.
export interface ParseOptions {
  "--"?: boolean;
  alias?: Record<string, string | readonly string[]>;
  boolean?: readonly string[];
  string?: readonly string[];
  collect?: readonly string[];
  negatable?: readonly string[];
  default?: Record<string, unknown>;
  stopEarly?: boolean;
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}
export type Args = { _: (string | number)[] } & Record<string, unknown>;
export function parseArgs(
  args: readonly string[],
  options?: ParseOptions,
): Args;
