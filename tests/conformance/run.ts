/**
 * Golden cases recorded from Keras, through our loop and our plugins:
 * `deno task conformance [DIR]`.
 *
 * @module
 */
import { type Case, readCases } from "./cases.ts";
import { firstDifference } from "./compare.ts";
import { replay } from "./replay.ts";

/** How the cases went. */
export interface Tally {
  /** How many came out as in Keras. */
  readonly passed: number;
  /** Name -> first difference. */
  readonly failures: ReadonlyMap<string, string>;
}

/**
 * Run all cases of a folder.
 *
 * @param dir The folder.
 */
export async function runCases(dir: string): Promise<Tally> {
  const failures = new Map<string, string>();
  const cases = readCases(dir);
  const scratch = Deno.makeTempDirSync();
  try {
    for (const [i, it] of cases.entries()) {
      const folder = `${scratch}/${i}`;
      Deno.mkdirSync(folder);
      const difference = await outcomeOf(it, folder);
      if (difference) failures.set(it.name, difference);
    }
  } finally {
    Deno.removeSync(scratch, { recursive: true });
  }
  return { passed: cases.length - failures.size, failures };
}

/** Where Keras raised, we must refuse or fail too. */
async function outcomeOf(it: Case, dir: string): Promise<string | undefined> {
  try {
    const ours = await replay(it, dir);
    return it.expect.error
      ? `error: expected ${JSON.stringify(it.expect.error)}, got none`
      : firstDifference(it, ours);
  } catch (error) {
    return it.expect.error
      ? undefined
      : `it threw: ${(error as Error).message}`;
  }
}

// deno-lint-ignore no-console -- a program's output
const print = console.log;

if (import.meta.main) {
  const dir = Deno.args[0] ?? new URL(".", import.meta.url).pathname;
  try {
    const { passed, failures } = await runCases(dir);
    for (const [name, difference] of failures) print(`${name}: ${difference}`);
    print(`${passed} passed, ${failures.size} failed`);
    Deno.exit(failures.size ? 1 : 0);
  } catch (error) {
    print((error as Error).message);
    Deno.exit(2);
  }
}
