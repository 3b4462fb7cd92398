/**
 * The data a run validates with, as its plugins see them.
 *
 * @module
 */
import type { TestBatch, ValidationData } from "../plugin.ts";
import type { Source, TestSteps } from "../steps.ts";
import { atMost } from "./feed.ts";

/**
 * Validation data for plugins; undefined where the steps cannot tell the
 * samples of a batch.
 *
 * @param steps Can tell them.
 * @param source The batches.
 * @param limit Batches of a pass at most; undefined for all.
 */
export function validationData<B>(
  { samples }: Pick<TestSteps<B>, "samples">,
  source: Source<B>,
  limit: number | undefined,
): ValidationData | undefined {
  if (!samples) return undefined;
  async function* batches(): AsyncGenerator<TestBatch> {
    let count = 0;
    for await (const batch of source.batches(0)) {
      if (count++ === limit) return;
      yield samples!(batch);
    }
  }
  return Object.freeze({
    steps: atMost(source.steps, limit),
    batches,
  });
}
