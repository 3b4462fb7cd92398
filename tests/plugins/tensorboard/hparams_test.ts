import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  fit,
  OptionError,
  silent,
  tensorboard,
  type TensorboardOptions,
} from "../../../mod.ts";
import { fakeRun, type FakeRunOptions } from "../../../core/testing.ts";
import {
  fieldsOf,
  integer,
  numbersIn,
  part,
  parts,
  recordsOf,
  text,
} from "./_events_read.ts";

await tf.setBackend("cpu");

/** What TensorBoard is told in the root of a log folder: the data of each record, by its tag. */
function told(logs: string): Record<string, Uint8Array> {
  const data: Record<string, Uint8Array> = {};
  const numbers = { experiment: 2, session_start_info: 3, session_end_info: 4 };
  for (const record of recordsOf(logs)) {
    if ("fileVersion" in record) continue;
    const { tag, plugin, dtype, shape, step, content } = record;
    assertEquals([plugin, dtype, shape, step], ["hparams", 1, [0], 0]);
    const name = tag.replace("_hparams_/", "") as keyof typeof numbers;
    assertEquals(name in data, false, "twice");
    data[name] = part(fieldsOf(content), numbers[name]);
  }
  return data;
}

/** The hyper-parameters of a session that began, and when. */
function begun(start: Uint8Array): Record<string, unknown> {
  const entries = parts(fieldsOf(start), 1).map((entry) => {
    const fields = fieldsOf(entry);
    const value = fieldsOf(part(fields, 2));
    return [
      text(part(fields, 1)),
      value.has(2)
        ? numbersIn(part(value, 2), 2)[0]
        : value.has(3)
        ? text(part(value, 3))
        : integer(value, 4) === 1,
    ];
  });
  const at = numbersIn(part(fieldsOf(start), 5), 2)[0];
  return { ...Object.fromEntries(entries), at };
}

Deno.test("when the run began, when it ended and when its columns were made is told in seconds", async () => {
  const logs = await Deno.makeTempDir();
  await fake({ logDir: logs }, { dir: "." });
  const { experiment, session_start_info, session_end_info } = told(logs);
  const secondsIn = (data: Uint8Array, field: number) =>
    numbersIn(part(fieldsOf(data), field), 2)[0];
  assertEquals(secondsIn(experiment!, 3), 1_700_000_000.5);
  assertEquals(secondsIn(session_start_info!, 5), 1_700_000_000.5);
  assertEquals(secondsIn(session_end_info!, 2), 1_700_000_009);
});

/** The status of a session that is over: 1 for success, 2 for failure. */
const statusOf = (end: Uint8Array) => integer(fieldsOf(end), 1);

/** A run of nothing but its begin and its end. */
async function fake(
  options: TensorboardOptions = {},
  more: FakeRunOptions = {},
) {
  const dir = await Deno.makeTempDir();
  const kit = fakeRun(tensorboard(options), {
    dir,
    params: { seed: 7 },
    learningRate: 0.25,
    ...more,
  });
  kit.clock.time = 1_700_000_000_500;
  await kit.fire("onTrainBegin");
  kit.clock.time = 1_700_000_009_000;
  await kit.fire("onTrainEnd");
  return { dir, logs: `${dir}/logs` };
}

Deno.test("what a run knows of itself stands beside what it is given, which takes precedence", async () => {
  const given = { units: 64, kind: "mean", bias: false, flip: true, epochs: 3 };
  const { logs } = await fake({ hparams: given });
  assertEquals(begun(told(logs).session_start_info!), {
    learning_rate: 0.25,
    batch_size: 32,
    seed: 7,
    ...given,
    at: 1_700_000_000.5,
  });
});

Deno.test("a model tells its optimizer, and what is not known is left out", async () => {
  const dir = await Deno.makeTempDir();
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
  });
  model.compile({ optimizer: tf.train.adam(0.5), loss: "meanSquaredError" });
  await fit(model, [{ x: [[1]], y: [1] }], {
    ...{ epochs: 1, seed: 3, dir, printer: silent() },
    plugins: [tensorboard()],
  });
  const { at: _, ...hparams } = begun(told(`${dir}/logs`).session_start_info!);
  assertEquals(hparams, {
    optimizer: "Adam",
    learning_rate: 0.5,
    epochs: 1,
    seed: 3,
  });
});

Deno.test("the end says whether the run did well; one that is to go on has not ended", async () => {
  const outcomes = [
    [{ status: "completed" }, 1],
    [{ status: "stopped" }, 1],
    [{ status: "failed" }, 2],
    [{ status: "aborted" }, 2],
  ] as const;
  for (const [outcome, status] of outcomes) {
    const { logs } = await fake({}, { outcome });
    assertEquals(statusOf(told(logs).session_end_info!), status);
  }
  const outcome = { status: "stopped", resumable: true } as const;
  const { logs } = await fake({}, { outcome });
  assertEquals(Object.keys(told(logs)), ["session_start_info"]);
});

Deno.test("a run without a folder of its own says the table's columns; of several, TensorBoard would take those of one", async () => {
  const logs = await Deno.makeTempDir();
  await fake({ logDir: logs, hparams: { kind: "mean", bias: true } }, {
    dir: ".",
  });
  const experiment = fieldsOf(told(logs).experiment!);
  assertEquals(
    parts(experiment, 4).map(fieldsOf)
      .map((info) => [text(part(info, 1)), integer(info, 4)]),
    [["learning_rate", 3], ["batch_size", 3], ["epochs", 3], ["seed", 3], [
      "kind",
      1,
    ], ["bias", 2]],
  );
  assertEquals(
    parts(experiment, 5).map(fieldsOf).map((info) => {
      const name = fieldsOf(part(info, 1));
      return `${text(part(name, 1))}/${text(part(name, 2))} ${
        integer(info, 5)
      }`;
    }),
    [
      "train/epoch_loss 1",
      "train/epoch_accuracy 1",
      "validation/epoch_loss 2",
      "validation/epoch_accuracy 2",
    ],
  );
  const own = await fake();
  assertEquals("experiment" in told(own.logs), false);
});

Deno.test("a run that goes on has begun once, and ends once", async () => {
  const dir = await Deno.makeTempDir();
  const first = fakeRun(tensorboard(), { dir });
  await first.fire("onTrainBegin");
  await first.fire("onEpochEnd", 0, { loss: 1 });
  const backup = await first.backUp();
  await first.fire("onEpochEnd", 1, { loss: 1 });
  await first.fire("onTrainEnd");
  const next = fakeRun(tensorboard(), { dir, backup, learningRate: 0.5 });
  await next.fire("onTrainBegin");
  await next.fire("onEpochEnd", 1, { loss: 1 });
  await next.fire("onTrainEnd");
  const { session_start_info, session_end_info } = told(`${dir}/logs`);
  assertEquals(begun(session_start_info!).learning_rate, 0.01);
  assertEquals(statusOf(session_end_info!), 1);
});

Deno.test("false is none at all; what are no numbers, texts or truth values is refused", async () => {
  for (const hparams of [false, null]) {
    const { logs } = await fake({ hparams });
    await assertRejects(
      () => Deno.readDir(logs)[Symbol.asyncIterator]().next(),
      Deno.errors.NotFound,
    );
  }
  const alone = await fake({ hparams: true } as unknown as TensorboardOptions);
  assertEquals("session_start_info" in told(alone.logs), true);
  const wrong: unknown[] = [
    ...[3, "units", [1], { units: [1] }, { units: null }],
    { units: 1, kinds: ["mean"] },
  ];
  for (const hparams of wrong) {
    assertThrows(
      () => tensorboard({ hparams } as TensorboardOptions),
      OptionError,
      `'hparams' must be an object of numbers, texts and truth values`,
    );
  }
});
