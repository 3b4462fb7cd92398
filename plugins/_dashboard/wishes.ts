/**
 * What the page asks for, until the run carries it out.
 *
 * @module
 */
import type { Run } from "../../core/plugin.ts";
import { shown } from "../_shown.ts";

/** What a run offers to its page. */
export interface Can {
  /** To stop after an epoch. */
  readonly stop: true;
  /** To set its learning rate. */
  readonly learningRate: boolean;
  /** To save the model. */
  readonly save: boolean;
}

/** What has been asked for. */
export interface Wishes {
  /** Whether anything waits. */
  readonly any: boolean;
  /** Whether one is being carried out at this moment. */
  readonly carriesOut: boolean;
  /** What waits, in words. */
  waiting(): string[];
  /**
   * Take what a page sent.
   *
   * @returns What is wrong with it, as a sentence; undefined if it is taken.
   */
  take(body: unknown): string | undefined;
  /** Between two batches: what needs no epoch to be over. */
  carryOut(run: Run): Promise<void> | undefined;
  /** An epoch is over. */
  epochEnds(run: Run): void;
}

/** Where the model goes that is saved. */
const FOLDER = "dashboard";

/** The reason of a stop. */
export const REASON = "asked for on the dashboard";

/**
 * Nothing is asked for yet.
 *
 * @param can What the run offers.
 */
export function wishes(can: Can): Wishes {
  let stop = false;
  let rate: number | undefined;
  let save = false;
  let carriesOut = false;

  const acts: Readonly<
    Record<string, (body: { value?: unknown }) => string | undefined>
  > = {
    stop() {
      stop = true;
      return undefined;
    },
    unstop() {
      stop = false;
      return undefined;
    },
    learningRate({ value }) {
      if (!can.learningRate) {
        return "This run does not offer its learning rate";
      }
      if (typeof value !== "number" || !Number.isFinite(value) || value < 0) {
        return `The learning rate must be a finite number >= 0: current value is ${
          shown(value)
        }`;
      }
      rate = value;
      return undefined;
    },
    save() {
      if (!can.save) return "This run cannot save its model";
      save = true;
      return undefined;
    },
  };

  async function saved(run: Run): Promise<void> {
    const path = `${FOLDER}/step-${run.step}`;
    try {
      if (run.offers("backup")) run.backup();
      await run.save(path);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      run.print(`Warning: could not save ${path}: ${why}`);
    }
  }

  return {
    get any() {
      return stop || save || rate !== undefined;
    },
    get carriesOut() {
      return carriesOut;
    },
    waiting: () => [
      ...stop ? ["stop after this epoch"] : [],
      ...rate === undefined ? [] : [`set the learning rate to ${rate}`],
      ...save ? ["save"] : [],
    ],
    take(body) {
      const { act } = Object(body) as { act?: unknown };
      if (typeof act === "string" && Object.hasOwn(acts, act)) {
        return acts[act]!(body as { value?: unknown });
      }
      const known = Object.keys(acts).map((name) => `"${name}"`).join(", ");
      return `The body must be JSON such as {"act":"stop"}: "act" is one of ${known}`;
    },
    carryOut(run) {
      if (rate !== undefined) {
        carriesOut = true;
        run.optimizer.learningRate = rate;
        carriesOut = false;
        rate = undefined;
      }
      if (!save) return undefined;
      save = false;
      return saved(run);
    },
    epochEnds(run) {
      if (stop) run.stop(REASON);
      stop = false;
    },
  };
}
