/**
 * Example 1 of the article: a custom logging callback.
 *
 * @module
 */
import type { Logs, Plugin } from "@hookloop/hookloop";

/** Prints the loss and any other metric after each batch and after each epoch. */
export function customLogging(): Plugin<"loss"> {
  return {
    name: "custom-logging",
    onTrainBatchEnd(batch, logs, run) {
      run.print(`Batch ${batch}: ${values(logs)}`);
    },
    onEpochEnd(epoch, logs, run) {
      run.print(`Epoch ${epoch}: ${values(logs)}`);
    },
  };
}

function values({ loss, ...metrics }: Logs<"loss">): string {
  const others = Object.entries<number>(metrics).map(([name, value]) =>
    `${name} = ${value.toFixed(4)}`
  );
  return [`Loss = ${loss.toFixed(4)}`, ...others].join(" ");
}
