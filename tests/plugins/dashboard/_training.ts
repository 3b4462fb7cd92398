/** A training that is followed on a dashboard. */
import {
  type OwnSteps,
  train,
  type TrainOptions,
} from "../../../core/loop/mod.ts";
import type { History } from "../../../core/loop/mod.ts";
import type { Run } from "../../../core/plugin.ts";
import dashboard, {
  type DashboardOptions,
} from "../../../plugins/dashboard.ts";

/** How a training is set up. */
export interface Setup {
  readonly epochs?: number;
  /** Batches an epoch. Default 3. */
  readonly batches?: number;
  readonly options?: DashboardOptions;
  /** Whether it takes its own port. Default false: any. */
  readonly anyPort?: boolean;
  readonly more?: Partial<TrainOptions<number>>;
  readonly steps?: Partial<OwnSteps<number>>;
  /** Called at the end of each epoch, before the dashboard; the run waits for it. */
  epoch?(epoch: number, address: string, run: Run): unknown;
  /** Called at the begin of each epoch. */
  begin?(epoch: number, address: string, run: Run): unknown;
}

/** The same token each time. */
export const TOKEN = "a-token-of-tests";

/** Train a little; what comes back are the history and what was printed. */
export async function training(
  { epochs = 2, batches = 3, options, anyPort, more, steps, epoch, begin }:
    Setup,
): Promise<{ history: History; lines: string[] }> {
  const lines: string[] = [];
  const address = () => addressIn(lines);
  const history = await train(
    {
      metrics: ["loss"],
      optimizer: { learningRate: 0.1 },
      trainStep: (batch: number) => ({ loss: 1 / (1 + batch) }),
      ...steps,
    },
    Array.from({ length: batches }, (_, i) => i),
    {
      epochs,
      printer: {
        ...{ interactive: false, columns: 80, status() {} },
        print: (line) => void lines.push(line),
      },
      ...more,
      plugins: [
        {
          name: "tester",
          async onEpochBegin(index, _logs, run) {
            await begin?.(index, address(), run);
          },
          async onEpochEnd(index, _logs, run) {
            await epoch?.(index, address(), run);
          },
        },
        ...more?.plugins ?? [],
        dashboard({ ...anyPort ? {} : { port: 0 }, token: TOKEN, ...options }),
      ],
    },
  );
  return { history, lines };
}

/** Where the dashboard is. */
export function addressIn(lines: readonly string[]): string {
  const line = lines.find((line) => line.startsWith("Dashboard: "));
  return line?.slice("Dashboard: ".length) ?? "";
}
