/**
 * What it costs that a training step has random numbers of its own.
 *
 * @module
 */
import { drawing } from "../../core/run/draws.ts";
import { type RunState, startPosition } from "../../core/run/state.ts";
import { median } from "./measure.ts";

const STEPS = 20_000;

/** Microseconds a step, by what it does; the bare call is taken off. */
export function drawTimes(rounds: number): Readonly<Record<string, number>> {
  const state = {
    position: startPosition(0),
    params: { seed: 1 },
  } as RunState;
  const nothing = () => {};
  const draw = () => void Math.random();
  const ways = {
    bare: nothing,
    "that draws nothing": drawing<number>(state, "train", nothing),
    "that draws": drawing<number>(state, "train", draw),
  };
  const taken: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, step] of Object.entries(ways)) {
      const start = performance.now();
      for (let i = 0; i < STEPS; i++) {
        step(i);
        state.position.step++;
      }
      const us = (performance.now() - start) / STEPS * 1000;
      (taken[name] ??= []).push(us);
    }
  }
  const { bare, ...rest } = taken;
  return Object.fromEntries(
    Object.entries(rest).map((
      [name, us],
    ) => [name, median(us) - median(bare!)]),
  );
}
