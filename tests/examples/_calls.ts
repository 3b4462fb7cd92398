/**
 * The lines of the document's plugin that has every hook.
 *
 * @module
 */

const LINE = "-".repeat(100);
const TESTING = [
  "Start testing; got log keys: []",
  "    Evaluating: start of batch 0; got log keys: []",
  "    Evaluating: end of batch 0; got log keys: ['loss', 'accuracy']",
  "    Evaluating: start of batch 1; got log keys: []",
  "    Evaluating: end of batch 1; got log keys: ['loss', 'accuracy']",
  "Stop testing; got log keys: ['loss', 'accuracy']",
];
const ALL = "['loss', 'accuracy', 'val_loss', 'val_accuracy']";
/** Which hook gets which log keys, in `fit`, `evaluate` and `predict`, in the document's words. */
export const CALLS: readonly string[] = [
  "Starting training; got log keys: []",
  "Start epoch 0 of training; got log keys: []",
  "    Training: start of batch 0; got log keys: []",
  "    Training: end of batch 0; got log keys: ['loss', 'accuracy']",
  "    Training: start of batch 1; got log keys: []",
  "    Training: end of batch 1; got log keys: ['loss', 'accuracy']",
  ...TESTING,
  `End epoch 0 of training; got log keys: ${ALL}`,
  `Stop training; got log keys: ${ALL}`,
  LINE,
  ...TESTING,
  LINE,
  "Start predicting; got log keys: []",
  "    Predicting: start of batch 0; got log keys: []",
  "    Predicting: end of batch 0; got log keys: ['outputs']",
  "    Predicting: start of batch 1; got log keys: []",
  "    Predicting: end of batch 1; got log keys: ['outputs']",
  "Stop predicting; got log keys: []",
];
