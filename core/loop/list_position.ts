/**
 * The position of a hand-written loop, which is known by the hooks it calls.
 *
 * @module
 */
import type { HookName } from "../plugin.ts";
import { type PassPosition, type Position, startOfPass } from "../run/state.ts";

/**
 * A hook is about to be called.
 *
 * @returns Whether it begins what had begun before the run was broken off.
 */
export function begins(
  position: Position,
  hook: HookName,
  index: number,
): boolean {
  const { training, testing } = position;
  if (hook === "onTrainBatchEnd") {
    training.batch = training.taken = index + 1;
    position.step++;
  }
  if (hook === "onTestBatchEnd") testing.batch = testing.taken = index + 1;
  if (hook === "onTestBegin") return begin(testing);
  if (hook !== "onEpochBegin") return false;
  const same = position.epoch === index;
  position.epoch = index;
  return begin(training) && same;
}

/** A hook has been called. */
export function ends(position: Position, hook: HookName): void {
  if (hook === "onTestEnd") Object.assign(position.testing, startOfPass());
  if (hook === "onEpochEnd") Object.assign(position.training, startOfPass());
}

/** Whether it had begun. */
function begin(pass: PassPosition): boolean {
  const { begun } = pass;
  pass.begun = true;
  return begun;
}
