/**
 * Example 2 of the article: a dynamic learning rate scheduling callback.
 *
 * @module
 */
import type { Plugin } from "@hookloop/hookloop";

/** Multiplies the learning rate by `factor` when the validation loss stagnates for `patience` epochs. */
export function dynamicLearningRate(
  { patience = 2, factor = 0.5 } = {},
): Plugin<"val_loss"> {
  const state = { wait: 0, bestValLoss: Infinity };
  return {
    name: "dynamic-learning-rate",
    needs: { onEpochEnd: ["val_loss"] },
    requires: ["learningRate"],
    state,
    onEpochEnd(epoch, { val_loss }, run) {
      if (val_loss < state.bestValLoss) {
        state.bestValLoss = val_loss;
        state.wait = 0;
        return;
      }
      state.wait++;
      if (state.wait < patience) return;
      const oldLr = run.optimizer.learningRate;
      const newLr = oldLr * factor;
      run.optimizer.learningRate = newLr;
      run.print(
        `Epoch ${epoch}: Learning rate reduced from ${oldLr.toFixed(6)} to ${
          newLr.toFixed(6)
        }`,
      );
      state.wait = 0;
    },
  };
}
