/**
 * Where a run may write: its folder, which is not there yet.
 *
 * @module
 */
import { existsSync } from "../../files.ts";
import type { Wish } from "../report/run_folder.ts";

/** How many runs may begin in one second. */
const MOST = 9;

/**
 * The folder of a run, and those it may take instead should another run take
 * that one first: the next numbers, where they are free.
 */
export function runPlaces({ dir, named }: Wish): string[] {
  if (named) return [dir];
  const numbered = Array.from(
    { length: MOST },
    (_, i) => i === 0 ? dir : `${dir}-${i + 1}`,
  );
  return numbered.filter((place) => !existsSync(place));
}
