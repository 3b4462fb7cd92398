import { assertEquals, assertRejects } from "@std/assert";
import { SetupError } from "../../../core/errors.ts";
import type { PluginList } from "../../../core/loop/mod.ts";
import type { RecordedEvent, Recording } from "../../../core/loop/recording.ts";
import { replayRecording } from "../../../core/loop/replay.ts";
import type { LogRecord, Plugin, Run } from "../../../core/plugin.ts";
import batchLrDecay from "../../../plugins/batch_lr_decay.ts";
import csvLogger from "../../../plugins/csv_logger.ts";
import earlyStopping from "../../../plugins/early_stopping.ts";
import learningRateScheduler from "../../../plugins/learning_rate_scheduler.ts";
import lrFinder from "../../../plugins/lr_finder.ts";
import modelCheckpoint from "../../../plugins/model_checkpoint.ts";
import reduceLrOnPlateau from "../../../plugins/reduce_lr_on_plateau.ts";
import samplePredictions from "../../../plugins/sample_predictions.ts";
import terminateOnNan from "../../../plugins/terminate_on_nan.ts";
import {
  batches,
  notebook,
  recorder,
  scripted,
  training,
} from "../_scripted.ts";

/** A run of these epochs, of which nothing else is known. */
function epochs(...logs: readonly LogRecord[]): Recording {
  return {
    events: logs.map((logs, epoch) => ({
      kind: "logs",
      hook: "onEpochEnd",
      epoch,
      logs,
    })),
  };
}

/** Train, and record it. */
async function recorded(
  plugins: PluginList,
  options: { epochs?: number; validated?: boolean } = {},
): Promise<Recording> {
  const events: RecordedEvent[] = [];
  let at = 0;
  const { validated = true, epochs = 2 } = options;
  const optimizer = { learningRate: 1 };
  const { params, outcome } = await training(
    scripted({ optimizer }),
    batches(3, 1),
    validated ? batches(4) : undefined,
    {
      epochs,
      plugins,
      onPlan: () => ({
        event: (event) => void events.push({ ...event, at: ++at }),
      }),
    },
  );
  return { events, params, outcome, settings: { learningRate: 1 } };
}

/** What replayed plugins print. */
async function lines(
  recording: Recording,
  plugins: PluginList,
): Promise<string[]> {
  const printer = notebook();
  await replayRecording(recording, { plugins, printer });
  return printer.lines;
}

Deno.test("every hook is called again, in the order and with the logs of the run", async () => {
  const trace: string[] = [];
  const recording = await recorded([recorder(trace)]);
  const again: string[] = [];
  await replayRecording(recording, { plugins: [recorder(again)] });
  assertEquals(again, trace);
  assertEquals(trace.length, 22);
});

Deno.test("batches whose logs nobody read are put in without", async () => {
  const trace: string[] = [];
  const recording = await recorded([{ ...recorder(trace), needs: {} }]);
  assertEquals(
    recording.events.some(({ kind, ...it }) =>
      kind === "logs" && "hook" in it && it.hook === "onTrainBatchEnd"
    ),
    false,
  );
  const again: string[] = [];
  await replayRecording(recording, {
    plugins: [{ ...recorder(again), needs: {} }],
  });
  assertEquals(again, trace);
});

Deno.test("a run that stopped in mid-epoch is replayed as far as it came", async () => {
  for (const needs of [undefined, {}]) {
    const trace: string[] = [];
    const plugins = (trace: string[]): Plugin[] => [
      { ...recorder(trace), ...needs && { needs } },
    ];
    const recording = await recorded([
      ...plugins(trace),
      {
        name: "stopper",
        needs: {},
        onTrainBatchEnd: (_batch, _logs, run) => {
          if (run.step === 3) run.stop("now");
        },
      },
    ], { epochs: 5 });
    const again: string[] = [];
    await replayRecording(recording, { plugins: plugins(again) });
    assertEquals(again, trace);
  }
});

Deno.test("epoch, step, clock and learning rate are as they were; so is the end", async () => {
  const watcher = (seen: unknown[]): Plugin => ({
    name: "watcher",
    order: "pre",
    requires: ["learningRate"],
    onEpochBegin: (_epoch, _logs, run) => see(seen, run),
    onTrainBatchEnd: (_batch, _logs, run) => see(seen, run),
    onEpochEnd: (_epoch, _logs, run) => see(seen, run),
    onTrainEnd: (_logs, run) => void seen.push(run.outcome),
  });
  const see = (seen: unknown[], { epoch, step, optimizer, params }: Run) =>
    void seen.push([epoch, step, optimizer.learningRate, params.steps]);
  const seen: unknown[] = [];
  const recording = await recorded([
    learningRateScheduler({ schedule: (_epoch, lr) => lr / 2 }),
    reduceLrOnPlateau({ monitor: "loss", patience: 1, factor: 0.5 }),
    batchLrDecay({ decay: 2 }),
    watcher(seen),
    {
      name: "stopper",
      onEpochEnd: (epoch, _logs, run) => {
        if (epoch === 2) run.stop("enough");
      },
    },
  ], { epochs: 9 });
  const again: unknown[] = [];
  const times: number[] = [];
  await replayRecording(recording, {
    plugins: [watcher(again), {
      name: "clock",
      onEpochEnd: (_epoch, _logs, run) => void times.push(run.now()),
    }],
  });
  assertEquals(again, seen);
  assertEquals(
    times,
    recording.events.filter((event) =>
      event.kind === "logs" && event.hook === "onEpochEnd"
    ).map(({ at }) => at),
  );
});

Deno.test("a plugin that would have stopped says when, and what for; the rest is data", async () => {
  const { acts, plugins, history } = await replayRecording(
    epochs(...[5, 3, 4, 4, 2].map((val_loss) => ({ loss: 1, val_loss }))),
    { plugins: [earlyStopping({ patience: 2, restoreBestWeights: true })] },
  );
  assertEquals(acts.map(({ what: { kind } }) => kind), [
    ...["snapshot", "snapshot", "stop", "restore", "release"],
  ]);
  assertEquals(acts[2], {
    by: "early-stopping",
    hook: "onEpochEnd",
    epoch: 3,
    batch: undefined,
    what: {
      kind: "stop",
      reason: "val_loss has not improved on 3 (epoch 2) for 2 epochs",
    },
    shadow: true,
  });
  assertEquals(plugins, [{
    name: "early-stopping",
    summary:
      'early-stopping would have stopped the run after epoch 4: val_loss has not improved on 3 (epoch 2) for 2 epochs; restored the weights kept as "best" at the end',
    stop: acts[2],
    failed: false,
    files: new Map(),
  }]);
  assertEquals([history.epoch, history.best?.epoch], [[0, 1, 2, 3, 4], 4]);
});

Deno.test("a plugin that sets the learning rate reads back its own", async () => {
  const told = await lines(
    {
      ...epochs({ loss: 1 }, { loss: 1 }, { loss: 1 }),
      settings: { learningRate: 8 },
    },
    [reduceLrOnPlateau({ monitor: "loss", patience: 1, factor: 0.5 })],
  );
  assertEquals(told, [
    "reduce-lr-on-plateau would have added learning_rate to the logs in epoch 1",
    "reduce-lr-on-plateau would have set the learning rate to 4 in epoch 2",
    "reduce-lr-on-plateau would have set the learning rate to 2 in epoch 3",
  ]);
});

Deno.test("files are handed out, and nothing is written", async () => {
  const dir = await Deno.makeTempDir();
  const { plugins } = await replayRecording(epochs({ loss: 1 }, { loss: 2 }), {
    dir,
    plugins: [csvLogger(), modelCheckpoint({ monitor: "loss" })],
  });
  assertEquals([...plugins[0]!.files], [
    ["log.csv", "epoch,loss\r\n0,1\r\n1,2\r\n"],
  ]);
  assertEquals([...Deno.readDirSync(dir)], []);
});

Deno.test("what shadows would have done in the run did not happen", async () => {
  const { events } = epochs({ loss: 1 }, { loss: 2 });
  const rates: number[] = [];
  await replayRecording({
    settings: { learningRate: 1 },
    events: [
      {
        kind: "act",
        by: "shadow:x",
        hook: "onEpochBegin",
        epoch: 0,
        what: { kind: "set", setting: "learningRate", value: 9 },
        shadow: true,
      },
      ...events,
    ],
  }, {
    plugins: [{
      name: "reader",
      requires: ["learningRate"],
      onEpochEnd: (_epoch, _logs, run) =>
        void rates.push(run.optimizer.learningRate),
    }],
  });
  assertEquals(rates, [1, 1]);
});

Deno.test("a recording that breaks off ends as an aborted run, with the epochs that it has", async () => {
  const { events, params } = await recorded([recorder([])]);
  const cut = events.findIndex((event) =>
    event.kind === "logs" && event.hook === "onTrainBatchEnd" &&
    event.epoch === 1
  );
  const trace: string[] = [];
  const { history } = await replayRecording({
    params,
    events: events.slice(0, cut + 1),
  }, { plugins: [recorder(trace)] });
  assertEquals(trace.slice(-4), [
    "onEpochBegin 1 {}",
    "onTrainBatchBegin 0 {}",
    'onTrainBatchEnd 0 {"loss":3}',
    'onTrainEnd {"loss":2,"val_loss":4}',
  ]);
  assertEquals(history.outcome, {
    status: "aborted",
    reason: "the recording ends here",
  });
});

Deno.test("what the recording does not hold is refused in words, all at once", async () => {
  const error = await assertRejects(
    () =>
      replayRecording(epochs({ loss: 1 }), {
        plugins: [
          samplePredictions(),
          terminateOnNan(),
          earlyStopping(),
          lrFinder(),
          reduceLrOnPlateau({ monitor: "los" }),
          { name: "surgeon", requires: ["model"], onEpochEnd() {} },
        ],
      }),
    SetupError,
  );
  assertEquals(
    error.message.split("\n").slice(0, 7),
    [
      "Cannot replay the run: 10 problems",
      '- Plugin "sample-predictions" requires validation data, which a recording does not hold',
      '- Plugin "sample-predictions" requires predictions inside of hooks, which a recording does not hold',
      '- Plugin "lr-finder" requires the learning rate, which a recording does not hold',
      '- Plugin "lr-finder" requires what each batch reports for itself, which a recording does not hold',
      '- Plugin "reduce-lr-on-plateau" requires the learning rate, which a recording does not hold',
      '- Plugin "surgeon" requires the model, which a recording does not hold',
    ],
  );
  assertEquals(
    error.message.includes(
      'Plugin "early-stopping" needs log key "val_loss" in onEpochEnd: available are "loss"\n    the run had no validation',
    ),
    true,
    error.message,
  );
  assertEquals(error.message.includes('did you mean "loss"?'), true);
  assertEquals(
    error.message.endsWith(
      "\nThe recording holds no logs of onTrainBatchEnd: no plugin of that run read them",
    ),
    true,
  );
});

Deno.test("a plugin that looks at the weights is switched off, and the others go on", async () => {
  const printer = notebook();
  const { plugins } = await replayRecording(epochs({ loss: 1 }, { loss: 2 }), {
    printer,
    plugins: [
      {
        name: "looks",
        requires: ["weights"],
        onEpochEnd: (_epoch, _logs, run) => void run.weights.entries(),
      },
      earlyStopping({ monitor: "loss" }),
    ],
  });
  assertEquals(plugins.map(({ name, failed }) => [name, failed]), [
    ["looks", true],
    ["early-stopping", false],
  ]);
  assertEquals(printer.lines, [
    'Warning: Plugin "looks" failed in onEpochEnd at epoch 0: a recording does not hold the weights; it is switched off for the rest of the run',
    "early-stopping would have stopped the run after epoch 2: loss has not improved on 1 (epoch 1) for 1 epoch",
  ]);
});

Deno.test("a key that is there in some epochs only comes with a warning", async () => {
  const told = await lines(
    epochs({ loss: 1 }, { loss: 1, val_loss: 2 }),
    [earlyStopping()],
  );
  assertEquals(told, [
    'Warning: Plugin "early-stopping" needs log key "val_loss" in onEpochEnd, which is there in some epochs only: validation ran in some epochs only',
  ]);
});
