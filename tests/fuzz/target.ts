/**
 * What is fuzzed: inputs of one kind, and what is done with each.
 *
 * @module
 */
import fc from "fast-check";

/** Inputs of one kind. */
export interface Target<T> {
  /** Name in the table, and in the command that replays one input. */
  readonly name: string;
  /** How often it comes up, compared with the others. */
  readonly share: number;
  /** Whether each input starts a program of its own. Default false. */
  readonly spawns?: boolean;
  /** The inputs. */
  readonly inputs: fc.Arbitrary<T>;
  /**
   * Do with an input what a user would.
   *
   * @param dir An empty folder, checked afterwards for what should not be there.
   * @returns What came of it, a word for the table. Default `"fine"`.
   * @throws What the code under test throws, which is then judged; or a
   * {@linkcode Wrong}.
   */
  attempt(input: T, dir: string): unknown;
}

/** A target whose inputs' type no longer matters. */
export interface AnyTarget extends Omit<Target<unknown>, "inputs" | "attempt"> {
  /** The input of a seed: in words, and to be tried. */
  input(seed: number): {
    readonly text: () => string;
    readonly attempt: (dir: string) => unknown;
  };
}

/** Something is wrong with the code under test, although it threw nothing. */
export class Wrong extends Error {
  /** Always `"Wrong"`. */
  override name = "Wrong";
}

/** A target of any inputs. */
export function target<T>(
  { inputs, attempt, ...about }: Target<T>,
): AnyTarget {
  return {
    ...about,
    input(seed) {
      const [input] = fc.sample(inputs, { seed, numRuns: 1 }) as [T];
      return {
        text: () => short(shown(input)),
        attempt: (dir) => attempt(input, dir),
      };
    },
  };
}

/** Not by the value's own means, which may throw. */
function shown(input: unknown): string {
  try {
    return Deno.inspect(input, { depth: 6, breakLength: Infinity });
  } catch (error) {
    return `what cannot be shown: ${(error as Error).message}`;
  }
}

const LONGEST = 600;

function short(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
