/**
 * A plugin with all 14 hooks, each of which prints the log keys it receives.
 *
 * @module
 */
import type { Plugin } from "@hookloop/hookloop";

/** Prints when each hook runs and with which log keys. */
export const customCallback: Plugin = {
  name: "custom-callback",

  onTrainBegin(logs, run) {
    run.print(`Starting training; got log keys: ${keys(logs)}`);
  },
  onTrainEnd(logs, run) {
    run.print(`Stop training; got log keys: ${keys(logs)}`);
  },
  onEpochBegin(epoch, logs, run) {
    run.print(`Start epoch ${epoch} of training; got log keys: ${keys(logs)}`);
  },
  onEpochEnd(epoch, logs, run) {
    run.print(`End epoch ${epoch} of training; got log keys: ${keys(logs)}`);
  },
  onTestBegin(logs, run) {
    run.print(`Start testing; got log keys: ${keys(logs)}`);
  },
  onTestEnd(logs, run) {
    run.print(`Stop testing; got log keys: ${keys(logs)}`);
  },
  onPredictBegin(logs, run) {
    run.print(`Start predicting; got log keys: ${keys(logs)}`);
  },
  onPredictEnd(logs, run) {
    run.print(`Stop predicting; got log keys: ${keys(logs)}`);
  },
  onTrainBatchBegin(batch, logs, run) {
    run.print(
      `    Training: start of batch ${batch}; got log keys: ${keys(logs)}`,
    );
  },
  onTrainBatchEnd(batch, logs, run) {
    run.print(
      `    Training: end of batch ${batch}; got log keys: ${keys(logs)}`,
    );
  },
  onTestBatchBegin(batch, logs, run) {
    run.print(
      `    Evaluating: start of batch ${batch}; got log keys: ${keys(logs)}`,
    );
  },
  onTestBatchEnd(batch, logs, run) {
    run.print(
      `    Evaluating: end of batch ${batch}; got log keys: ${keys(logs)}`,
    );
  },
  onPredictBatchBegin(batch, logs, run) {
    run.print(
      `    Predicting: start of batch ${batch}; got log keys: ${keys(logs)}`,
    );
  },
  onPredictBatchEnd(batch, logs, run) {
    run.print(
      `    Predicting: end of batch ${batch}; got log keys: ${keys(logs)}`,
    );
  },
};

/** As Python prints a list. */
function keys(logs: object): string {
  return `[${Object.keys(logs).map((key) => `'${key}'`).join(", ")}]`;
}
