/**
 * The validation data with the model's predictions for them, as plain numbers.
 *
 * @module
 */
import type { Run, Values } from "../core/plugin.ts";

/** Numbers that have been read. */
export interface Numbers {
  /** Length of each dimension. */
  readonly shape: readonly number[];
  /** The numbers, row after row. */
  readonly data: ArrayLike<number>;
}

/** A batch. */
export interface PredictedBatch {
  /** The inputs; valid until the next batch is asked for. */
  readonly x: readonly Values[];
  /** The targets of one output. */
  readonly labels: Numbers;
  /** The predictions for it. */
  readonly outputs: Numbers;
}

/**
 * One pass over the validation data. It ends early if the run's signal is
 * aborted.
 *
 * @param output Index of the model output to use.
 * @throws {Error} If the model has no such output.
 */
export async function* predictions(
  run: Run,
  output: number,
): AsyncGenerator<PredictedBatch> {
  for await (const { x, y } of run.validation!.batches()) {
    if (run.signal.aborted) return;
    const predicted = await run.predict(x);
    let batch: PredictedBatch;
    try {
      const [labels, outputs] = [y[output], predicted[output]];
      if (!labels || !outputs) throw noOutput(output, predicted.length);
      batch = { x, labels: await read(labels), outputs: await read(outputs) };
    } finally {
      for (const values of predicted) values.dispose();
    }
    yield batch;
  }
}

/** Read some numbers. */
export async function read(values: Values): Promise<Numbers> {
  return { shape: values.shape, data: await values.data() };
}

/** Join batches into one. */
export function joined(batches: readonly Numbers[]): Numbers {
  const [, ...rest] = batches[0]!.shape;
  const count = batches.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
  return {
    shape: [count, ...rest],
    data: batches.flatMap(({ data }) => Array.from(data)),
  };
}

function noOutput(output: number, count: number): Error {
  const range = count === 1 ? "which is 0" : `from 0 to ${count - 1}`;
  return new Error(
    `there is no output ${output}: set 'output' to one of the model's, ${range}`,
  );
}
