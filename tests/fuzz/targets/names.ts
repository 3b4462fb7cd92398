/**
 * Names of data sets.
 *
 * @module
 */
import fc from "fast-check";
import { loadDataset } from "../../../core/data/sets.ts";
import { type AnyTarget, target } from "../target.ts";
import { word } from "../values.ts";

/** What stands behind `--data`. */
export const names: AnyTarget = target({
  name: "data-names",
  share: 5,
  inputs: fc.oneof(
    word,
    fc.tuple(word, fc.constantFrom(".csv", ".tsv", "/", "/x.csv")).map((
      parts,
    ) => parts.join("")),
  ),
  async attempt(name, dir) {
    // Nothing is downloaded, and no path leaves the folder.
    const offline = () => Promise.reject(new TypeError("no network"));
    const path = /^[a-z-]+$/.test(name) ? name : `${dir}/${name}`;
    await loadDataset(path, { dir, fetch: offline, labels: ["a"] });
  },
});
