/**
 * How many threads a backend may be asked for.
 *
 * @module
 */

/** Starting more than this takes seconds. */
const MOST = 64;

/** Few cores may still be shared by some threads, as in a test. */
const ALWAYS = 8;

/**
 * Why a number of threads is refused, to stand behind what it is for; undefined
 * if it is not. More threads than cores only wait for each other.
 *
 * @param threads What was asked for.
 * @param cores Cores of the machine. Default as the system says.
 */
export function threadsProblem(
  threads: number,
  cores: number = navigator.hardwareConcurrency,
): string | undefined {
  const most = Math.min(MOST, Math.max(ALWAYS, 2 * cores));
  if (!Number.isInteger(threads) || threads < 1) {
    return `an integer >= 1: current value is ${threads}`;
  }
  return threads <= most
    ? undefined
    : `an integer from 1 to ${most}, as there ${
      cores === 1 ? "is 1 core" : `are ${cores} cores`
    } and more threads only wait for each other: current value is ${threads}`;
}
