/**
 * Data sets as plain typed arrays: synthetic ones that need no network, MNIST
 * and Fashion-MNIST, IDX files and CSV files; no tf.js needed.
 *
 * @example Samples from a synthetic data set
 * ```ts
 * import { digits } from "@hookloop/hookloop/data";
 *
 * const { train, validation, classes } = digits({ train: 600, validation: 100 });
 * console.log(train.count, train.xShape, classes); // 600 [ 28, 28 ] 10
 * console.log(validation.y.length); // 100
 * ```
 *
 * @module
 */
export type { Dataset, Samples } from "./dataset.ts";
export { DATASETS, loadDataset, type LoadOptions } from "./sets.ts";
export { digits, type DigitsOptions } from "./digits.ts";
export { type ExoticOptions, exoticParticles } from "./exotic.ts";
export { idxFolder } from "./idx.ts";
export { type IdxArray, readIdx } from "./idx_file.ts";
export type { SplitOptions } from "./split.ts";
export {
  type CsvBatch,
  csvBatches,
  type CsvBatchOptions,
  csvDataset,
  type CsvDatasetOptions,
  type CsvOptions,
} from "./csv.ts";
export { shuffled } from "./shuffle.ts";
export { type Random, type RandomState, seededRandom } from "../random.ts";
