/**
 * What training steps draw, for tests on each backend.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { silent, train, useBackend } from "../../../mod.ts";

/** What tf.js' random operations give in the steps of a run. */
export async function drawnOn(
  ...backend: Parameters<typeof useBackend>
): Promise<number[]> {
  await useBackend(...backend);
  const values: number[] = [];
  await train(
    {
      async trainStep() {
        for (
          const tensor of [
            tf.dropout(tf.ones([8]), 0.5),
            tf.randomUniform([3]),
            tf.randomNormal([3]),
            tf.truncatedNormal([3]),
            tf.randomGamma([3], 2),
          ]
        ) {
          values.push(...await tensor.data());
          tensor.dispose();
        }
        return { loss: 1 };
      },
    },
    [0, 0, 0],
    { seed: 5, printer: silent() },
  );
  await useBackend("cpu");
  return values;
}
