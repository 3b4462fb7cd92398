/**
 * What a data set is in this project: rows of numbers and their labels, as
 * plain typed arrays.
 *
 * @module
 */

/** Rows of features and their labels. */
export interface Samples {
  /** The features, sample after sample: `count` times the product of `xShape` numbers. */
  readonly x: Float32Array;
  /** Shape of one sample, such as `[28, 28]` or `[28]`. */
  readonly xShape: readonly number[];
  /** One label per sample: class indices (`Int32Array`) or numbers (`Float32Array`). */
  readonly y: Float32Array | Int32Array;
  /** Number of samples. */
  readonly count: number;
}

/** Samples to train on and samples to validate with. */
export interface Dataset {
  /** What it is called in messages, such as `"digits"`, or the path it was read from. */
  readonly name: string;
  /** The samples to train on. */
  readonly train: Samples;
  /** The samples to validate with; their `count` is 0 if there are none. */
  readonly validation: Samples;
  /** Number of classes; absent if labels are plain numbers. */
  readonly classes?: number;
  /** What the class indices mean, if the file had words: the word for class `i` is `labels[i]`. */
  readonly labels?: readonly string[];
}
