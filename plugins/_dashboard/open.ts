/**
 * The dashboard of one run, from its begin to its end.
 *
 * @module
 */
import type { Run } from "../../core/plugin.ts";
import { assets } from "./assets.ts";
import { type Place, serve } from "./server.ts";
import { type Show, show } from "./show.ts";
import { viewers } from "./viewers.ts";
import { type Wishes, wishes } from "./wishes.ts";

/** A dashboard that is open. */
export interface Open {
  /** Where its page is. */
  readonly address: string;
  /** What it shows. */
  readonly show: Show;
  /** What its page asks for. */
  readonly wishes: Wishes;
  /** Give those who look on their turn where the loop has not for long; a promise only then. */
  turn(): Promise<void> | undefined;
  /** Close it, once those who look on have read all; they do not have long. */
  close(): Promise<void>;
}

/** How often there is news at most, in milliseconds. */
const TICK = 250;

/** When the loop does not give timers their turn, as those of this project do. */
const LATE = TICK + 100;

/** How long those who look on may take to read the end. */
const PATIENCE = 1000;

/**
 * Open the dashboard of a run.
 *
 * @throws {OptionError} If it cannot listen there.
 */
export function openFor(run: Run, place: Place): Open {
  const can = {
    stop: true as const,
    learningRate: run.offers("learningRate"),
    save: run.offers("save"),
  };
  const asked = wishes(can);
  const it = show(run, can, asked);
  const watching = viewers(it.journal);
  let over = false;
  let ticked = run.now();

  function tick(): void {
    ticked = run.now();
    it.tick();
    watching.wake();
  }

  const { address, close } = serve(place, {
    assets: assets(place.token),
    viewers: watching,
    take(body) {
      if (over) return { status: 409, problem: "The run is over" };
      const problem = asked.take(body);
      if (problem !== undefined) return { status: 400, problem };
      tick(); // Everybody sees what waits.
      return undefined;
    },
  });
  const timer = setInterval(tick, TICK);
  // A run that waits for what never comes is told so, not kept alive.
  Deno.unrefTimer(timer);
  run.follow((event) => over || it.follow(event));

  return {
    ...{ address, show: it, wishes: asked },
    turn() {
      if (run.now() - ticked <= LATE) return undefined;
      return new Promise((resolve) => setTimeout(resolve));
    },
    async close() {
      if (over) return;
      over = true;
      clearInterval(timer);
      it.ends();
      await watching.over(PATIENCE);
      await close();
    },
  };
}
