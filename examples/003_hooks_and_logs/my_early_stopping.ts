/**
 * Early stopping, written by hand.
 *
 * @module
 */
import type { Plugin } from "@hookloop/hookloop";

/**
 * Stop training when the loss is at its min, i.e. the loss stops decreasing.
 *
 * @param patience Number of epochs to wait after min has been hit. After this
 * number of no improvement, training stops.
 */
export function myEarlyStopping(patience = 0): Plugin<"val_loss"> {
  const state = { wait: 0, stoppedEpoch: 0, best: Infinity, bestEpoch: -1 };
  return {
    name: "my-early-stopping",
    needs: { onEpochEnd: ["val_loss"] },
    requires: ["weights"],
    state,
    onEpochEnd(epoch, { val_loss }, run) {
      if (val_loss < state.best) {
        state.best = val_loss;
        state.bestEpoch = epoch;
        state.wait = 0;
        run.weights.snapshot("best");
        return;
      }
      state.wait++;
      if (state.wait < patience) return;
      state.stoppedEpoch = epoch;
      run.stop(`val_loss has not decreased for ${patience} epochs`);
      if (!run.weights.has("best")) return;
      run.print(
        `Restoring model weights from the end of the best epoch ${
          state.bestEpoch + 1
        }.`,
      );
      run.weights.restore("best");
    },
    onTrainEnd(_logs, run) {
      if (state.stoppedEpoch === 0) return;
      const epoch = String(state.stoppedEpoch + 1).padStart(5, "0");
      run.print(`Epoch ${epoch}: early stopping`);
    },
  };
}
