import * as tf from "@tensorflow/tfjs";
import {
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { InputError } from "../../core/errors.ts";
import { callbackList, train } from "../../core/loop/mod.ts";
import { OptionError, type RunEvent } from "../../core/plugin.ts";
import { fakeRun } from "../../core/testing.ts";
import { silent } from "../../core/terminal.ts";
import { fit } from "../../core/tf/fit.ts";
import { loadModel } from "../../mod.ts";
import backupAndRestore from "../../plugins/backup_and_restore.ts";
import dashboard, { type DashboardOptions } from "../../plugins/dashboard.ts";
import earlyStopping from "../../plugins/early_stopping.ts";
import learningRateScheduler from "../../plugins/learning_rate_scheduler.ts";
import { addressIn, TOKEN, training } from "./dashboard/_training.ts";
import {
  curve,
  type Message,
  part,
  press,
  viewer,
} from "./dashboard/_viewer.ts";

const of = (all: readonly Message[], event: string) =>
  all.filter((it) => it.event === event).map(({ data }) => data);

/** What somebody has seen who looked on from the first epoch to the end. */
async function seen(
  setup: Parameters<typeof training>[0],
): Promise<{ all: Message[]; lines: string[] }> {
  let all: Promise<Message[]> | undefined;
  const { lines } = await training({
    ...setup,
    async begin(epoch, address, run) {
      all ??= (await viewer(address)).all;
      await setup.begin?.(epoch, address, run);
    },
  });
  return { all: await all!, lines };
}

Deno.test("it prints where it is, and tells who looks on what runs, how far, and how it ended", async () => {
  const { all, lines } = await seen({ options: { token: TOKEN } });
  assertEquals(lines.length, 1);
  assertMatch(
    lines[0]!,
    /^Dashboard: http:\/\/127\.0\.0\.1:\d+\/\?token=a-token-of-tests$/,
  );
  assertEquals(all[0]!.event, "run");
  const { startedAt, now, params, ...run } = all[0]!.data;
  assertEquals(run, {
    name: "this run",
    dir: ".",
    mode: "fit",
    plugins: ["tester", "dashboard"],
    can: { stop: true, learningRate: true, save: false },
  });
  assertEquals([params.epochs, params.steps, params.metrics], [2, 3, ["loss"]]);
  assertEquals(Math.abs(now - startedAt) < 60_000, true);
  assertEquals(
    of(all, "epoch").map(({ seconds: _, ...epoch }) => epoch),
    [0, 1].map((epoch) => ({
      ...{ epoch, step: 3 * (epoch + 1), best: epoch === 0 },
      logs: { loss: (1 + 1 / 2 + 1 / 3) / 3 },
    })),
  );
  const { step, values } = curve(all, "loss");
  assertEquals(step, [1, 2, 3, 4, 5, 6]);
  const means = [1, 3 / 4, (1 + 1 / 2 + 1 / 3) / 3];
  assertEquals(values, [...means, ...means]);
  assertEquals(curve(all, "learning_rate").values, Array(6).fill(0.1));
  const { elapsed: _, ...end } = all.at(-1)!.data;
  assertEquals([all.at(-1)!.event, end], ["end", {
    outcome: { status: "completed" },
    best: { epoch: 0, key: "loss", value: means[2] },
  }]);
});

Deno.test("a button stops the run after the epoch; history and events say who", async () => {
  const asked: unknown[] = [];
  const told: unknown[] = [];
  const { history } = await training({
    epochs: 5,
    async begin(epoch, address) {
      if (epoch !== 1) return;
      asked.push(await press(address, { act: "stop" }));
    },
    more: {
      onPlan: () => ({
        event: (event: RunEvent) =>
          void (event.kind === "act" && told.push(event)),
      }),
    } as object,
  });
  assertEquals(asked, [{ status: 202 }]);
  assertEquals(history.outcome, {
    status: "stopped",
    by: "dashboard",
    hook: "onEpochEnd",
    epoch: 1,
    reason: "asked for on the dashboard",
  });
  assertEquals(told, [{
    kind: "act",
    ...{ by: "dashboard", hook: "onEpochEnd", epoch: 1 },
    what: { kind: "stop", reason: "asked for on the dashboard" },
  }]);
});

Deno.test("while it waits, a stop is shown, and can be taken back", async () => {
  const { all } = await seen({
    async begin(epoch, address) {
      if (epoch !== 0) return;
      await press(address, { act: "stop" });
      assertEquals(await press(address, { act: "unstop" }), { status: 202 });
    },
  });
  assertEquals(of(all, "end")[0].outcome, { status: "completed" });
  assertEquals(of(all, "act"), []);
});

Deno.test("the learning rate is set with the next batch", async () => {
  const optimizer = { learningRate: 0.1 };
  const rates: number[] = [];
  const { all } = await seen({
    steps: {
      optimizer,
      trainStep: () => ({ loss: rates.push(optimizer.learningRate) }),
    },
    async epoch(epoch, address) {
      if (epoch !== 0) return;
      await press(address, { act: "learningRate", value: 0.5 });
    },
  });
  assertEquals(rates, [...Array(3).fill(0.1), ...Array(3).fill(0.5)]);
  const [{ at: _, ...act }, ...others] = of(all, "act");
  assertEquals(others, []);
  assertEquals(act, {
    ...{ epoch: 0, batch: null, by: "dashboard", hook: "onEpochEnd" },
    text: "set the learning rate to 0.5 (it was 0.1)",
    kind: "set",
  });
});

Deno.test("a schedule that sets the learning rate again is named", async () => {
  const { all } = await seen({
    epochs: 3,
    more: {
      plugins: [
        learningRateScheduler({ schedule: (epoch) => 1 / (1 + epoch) }),
      ],
    },
    async epoch(epoch, address) {
      if (epoch !== 0) return;
      await press(address, { act: "learningRate", value: 0.125 });
    },
  });
  assertEquals(of(all, "act").map(({ by, text }) => [by, text].join(" ")), [
    "learning-rate-scheduler set the learning rate to 1 (it was 0.1)",
    "dashboard set the learning rate to 0.125 (it was 1)",
    "learning-rate-scheduler set the learning rate to 0.5 (it was 0.125)",
    " the learning rate 0.125 that was set here held for 0 batches: learning-rate-scheduler sets it too",
    "learning-rate-scheduler set the learning rate to 0.3333 (it was 0.5)",
  ]);
});

Deno.test("what a run does not offer is said, and no button of it works", async () => {
  const { history } = await training({
    steps: { optimizer: undefined },
    async epoch(_epoch, address) {
      assertEquals(await press(address, { act: "learningRate", value: 1 }), {
        status: 400,
        problem: "This run does not offer its learning rate",
      });
      assertEquals(await press(address, { act: "save" }), {
        status: 400,
        problem: "This run cannot save its model",
      });
    },
  });
  assertEquals(history.outcome.status, "completed");
});

Deno.test("save now: the model goes into the folder dashboard, and a backup is asked for", async () => {
  const { fire, lines, saves, acts } = fakeRun(
    dashboard({ port: 0, token: TOKEN }),
    { weights: [3] },
  );
  await fire("onTrainBegin");
  await fire("onEpochBegin", 0);
  await fire("onTrainBatchEnd", 0, { loss: 1 });
  await press(addressIn(lines), { act: "save" });
  await fire("onTrainBatchEnd", 1, { loss: 1 });
  await fire("onTrainEnd", { loss: 1 });
  assertEquals(saves.map(({ path, weightsOnly }) => [path, weightsOnly]), [
    [saves[0]!.path, false],
  ]);
  assertMatch(saves[0]!.path, /^dashboard\/step-\d+$/);
  assertEquals(
    acts.map(({ what }) => what.kind).filter((kind) => kind !== "print"),
    ["backup", "save"],
  );
});

Deno.test("in fit, what is saved now is a whole model", async () => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
  });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const dir = await Deno.makeTempDir();
  const lines: string[] = [];
  const { outcome } = await fit(model, { x: [[1], [2]], y: [1, 2] }, {
    ...{ epochs: 2, batchSize: 1, dir },
    printer: { ...silent(), print: (line) => void lines.push(line) },
    plugins: [
      dashboard({ port: 0, token: TOKEN }),
      {
        name: "tester",
        async onEpochBegin(epoch) {
          const address = lines[0]!.slice("Dashboard: ".length);
          if (epoch === 1) await press(address, { act: "save" });
        },
      },
    ],
  });
  assertEquals(outcome.status, "completed");
  const saved = await loadModel(`${dir}/dashboard/step-2`);
  assertEquals(saved.countParams(), 2);
  saved.dispose();
  model.dispose();
});

Deno.test("a save that fails costs a warning, not the run", async () => {
  const { history, lines } = await training({
    steps: { save: () => Promise.reject(new Error("no room")) },
    async begin(epoch, address) {
      if (epoch === 0) await press(address, { act: "save" });
    },
  });
  assertEquals(history.outcome.status, "completed");
  assertEquals(lines.slice(1), [
    "Warning: could not save dashboard/step-0: no room",
  ]);
});

Deno.test("what other plugins do is told, and warnings, as in the record of a run", async () => {
  const { all } = await seen({
    epochs: 9,
    more: { plugins: [earlyStopping({ monitor: "loss", patience: 2 })] },
    epoch(epoch, _address, run) {
      if (epoch === 1) run.print("Warning: look out");
    },
  });
  const acts = of(all, "act");
  assertEquals(acts.map(({ by, kind, epoch }) => [by, kind, epoch]), [
    ["tester", "warning", 1],
    ["early-stopping", "stop", 2],
  ]);
  assertMatch(acts[1].text, /^stopped the run: loss has not/);
  assertEquals(of(all, "end")[0].outcome.by, "early-stopping");
});

Deno.test("NaN and the infinities are told, as JSON has none", async () => {
  const losses = [NaN, 1, Infinity];
  const { all } = await seen({
    epochs: 1,
    steps: { trainStep: (batch) => ({ loss: losses[batch]! }) },
    options: { batchLogs: true },
  });
  // The means of the epoch so far.
  const [points] = of(all, "points");
  assertEquals(points.values.loss[0], null);
  assertEquals(points.nonFinite.loss[0], [0, "NaN"]);
  assertEquals(of(all, "epoch")[0].logs, { loss: null });
});

Deno.test("a run that fails or is aborted is shown to its end, and the server is closed", async () => {
  let all: Promise<Message[]> | undefined;
  const failing = training({
    async begin(_epoch, address) {
      all = (await viewer(address)).all;
    },
    epoch: () => {
      throw new Error("oh");
    },
  });
  await assertRejects(() => failing, Error, "oh");
  assertEquals(of(await all!, "end")[0].outcome.status, "failed");
  assertMatch(of(await all!, "end")[0].outcome.reason, /oh/);

  const aborter = new AbortController();
  const aborted = await seen({
    more: { signal: aborter.signal },
    epoch: () => aborter.abort(new Error("enough")),
  });
  assertEquals(of(aborted.all, "end")[0].outcome.status, "aborted");
});

Deno.test("one plugin serves one training after the other, each with its own curves", async () => {
  const plugin = dashboard({ port: 0, token: TOKEN });
  for (const epochs of [1, 2]) {
    const lines: string[] = [];
    let all: Promise<Message[]> | undefined;
    await train(
      { metrics: ["loss"], trainStep: () => ({ loss: 1 }) },
      [1, 2],
      {
        epochs,
        printer: { ...silent(), print: (line) => void lines.push(line) },
        plugins: [plugin, {
          name: "tester",
          async onEpochBegin() {
            all ??= (await viewer(addressIn(lines))).all;
          },
        }],
      },
    );
    assertEquals(curve(await all!, "loss").step.length, 2 * epochs);
    await assertRejects(() => fetch(addressIn(lines)), TypeError);
  }
});

Deno.test("a loop that never pauses gives the page its turn all the same", async () => {
  const lines: string[] = [];
  await using list = callbackList({
    plugins: [dashboard({ port: 0, token: TOKEN })],
    printer: { ...silent(), print: (line) => void lines.push(line) },
  });
  await list.onTrainBegin();
  await list.onEpochBegin(0);
  // Somebody else presses a button, while nothing but promises are waited for.
  const address = part(addressIn(lines), "/act").href;
  const pressing = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `const { status } = await fetch("${address}", {
        method: "POST",
        body: '{"act":"stop"}',
      });
      console.log(status);`,
    ],
  }).output();
  let over = false;
  pressing.finally(() => over = true);
  const end = performance.now() + 60_000;
  for (let batch = 0; !over && performance.now() < end; batch++) {
    await list.onTrainBatchBegin(batch);
    await list.onTrainBatchEnd(batch, { loss: 1 });
  }
  const { stdout } = await pressing;
  assertEquals(new TextDecoder().decode(stdout), "202\n");
  await list.onEpochEnd(0, { loss: 1 });
  assertEquals(list.stopped, true);
  await list.onTrainEnd();
});

Deno.test("in evaluation and prediction there is no page", () => {
  for (const mode of ["evaluate", "predict"] as const) {
    const { lines } = fakeRun(dashboard(), { params: { mode } });
    assertEquals(lines, []);
  }
});

Deno.test("a port that is in use is a mistake of the user's, told before the first step", async () => {
  const other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = other.addr;
  const steps: number[] = [];
  const running = training({
    options: { port },
    steps: { trainStep: () => ({ loss: steps.push(0) }) },
  });
  const error = await assertRejects(() => running);
  other.close();
  assertEquals((error as Error).cause instanceof OptionError, true);
  assertMatch(
    (error as Error).message,
    /Cannot open the dashboard: port \d+ is in use on 127\.0\.0\.1; give another 'port', or 0 for any that is free$/,
  );
  assertEquals(steps, []);
});

/** The ports of a run's dashboard, and of one that it has inside. */
async function portsOfTwo(): Promise<[number, number]> {
  const ports: number[] = [];
  await training({
    ...{ epochs: 1, anyPort: true },
    async begin(_epoch, first) {
      await training({
        ...{ epochs: 1, anyPort: true },
        begin: (_epoch, second) =>
          void ports.push(...[first, second].map((it) => +new URL(it).port)),
      });
    },
  });
  return ports as [number, number];
}

Deno.test("without a port each takes one that is free", async () => {
  const [first, second] = await portsOfTwo();
  assertNotEquals(first, second);
});

Deno.test("where many dashboards run, without a port any will do", async () => {
  const others: Deno.Listener[] = [];
  for (let port = 8470; port < 8480; port++) {
    try {
      others.push(Deno.listen({ hostname: "127.0.0.1", port }));
    } catch {
      // Somebody has it already.
    }
  }
  const ports = await portsOfTwo();
  for (const it of others) it.close();
  assertEquals(ports.filter((port) => port >= 8470 && port < 8480), []);
});

Deno.test("options out of range are refused", () => {
  for (
    const [options, expected] of [
      [{ port: -1 }, "'port' must be an integer >= 0: current value is -1"],
      [{ port: 70000 }, "'port' must be at most 65535: current value is 70000"],
      [{ port: 1.5 }, "'port' must be an integer >= 0: current value is 1.5"],
      [
        { host: "" },
        `'host' must be a name or number such as "127.0.0.1": current value is `,
      ],
      [
        { host: "a/b" },
        `'host' must be a name or number such as "127.0.0.1": current value is a/b`,
      ],
      [
        { token: "short" },
        "'token' must be 16 letters, digits, - and _ or more: current value is 5 characters",
      ],
    ] as const
  ) {
    assertThrows(
      () => dashboard(options),
      OptionError,
      `Cannot create dashboard as ${expected}`,
    );
  }
});

Deno.test("its permissions name the loopback address alone, with the port where one is given", () => {
  const net = (options?: DashboardOptions) =>
    dashboard(options).permissions?.net;
  assertEquals(net(), ["127.0.0.1"]);
  assertEquals(net({ port: 0 }), ["127.0.0.1"]);
  assertEquals(net({ port: 9000 }), ["127.0.0.1:9000"]);
  assertEquals(net({ host: "::1", port: 9000 }), ["[::1]:9000"]);
});

Deno.test("another host than this machine's own is warned of, and needs a permission of its own", async () => {
  const { fire, lines } = fakeRun(dashboard({ host: "0.0.0.0", port: 9 }));
  const error = await assertRejects(() => fire("onTrainBegin"));
  assertEquals(lines, [
    "Warning: the dashboard listens on 0.0.0.0, where other machines may reach it: whoever has its address sees the run and may stop it, and nothing on the way is encrypted",
  ]);
  assertMatch(
    (error as Error).message,
    /Cannot open the dashboard on 0\.0\.0\.0:9: no permission; run with --allow-net=0\.0\.0\.0:9$/,
  );
  // Where it tries several ports, one would not do.
  const any = await assertRejects(() =>
    fakeRun(dashboard({ host: "0.0.0.0" })).fire("onTrainBegin")
  );
  assertMatch((any as Error).message, /run with --allow-net=0\.0\.0\.0$/);
});

Deno.test("a token is made of 128 bits that nobody knows", async () => {
  const tokens: (string | null)[] = [];
  for (let i = 0; i < 2; i++) {
    const { fire, lines } = fakeRun(dashboard({ port: 0 }));
    await fire("onTrainBegin");
    await fire("onTrainEnd");
    tokens.push(new URL(addressIn(lines)).searchParams.get("token"));
  }
  assertMatch(tokens[0]!, /^[\da-f]{32}$/);
  assertNotEquals(tokens[0], tokens[1]);
});

Deno.test("a run that goes on shows all of itself, and needs no dashboard to go on", async () => {
  const dir = await Deno.makeTempDir();
  const stop = new AbortController();
  const steps = () => {
    const weight = { value: 0 };
    return {
      optimizer: { learningRate: 0.1 },
      keeps: {
        save: () => ({ ...weight }),
        load: (saved: unknown) => void Object.assign(weight, saved),
      },
      trainStep: () => ({ loss: 1 / ++weight.value }),
    };
  };
  await training({
    ...{ epochs: 3, steps: steps() },
    more: {
      ...{ resume: dir, signal: stop.signal },
      plugins: [backupAndRestore()],
    },
    async epoch(epoch, address) {
      if (epoch === 0) {
        await press(address, { act: "learningRate", value: 0.5 });
      }
      if (epoch === 1) stop.abort();
    },
  });
  const { all } = await seen({
    ...{ epochs: 3, steps: steps() },
    more: { resume: dir, plugins: [backupAndRestore()] },
    options: { token: "another-token-of-tests" },
  });
  assertEquals(of(all, "epoch").map(({ epoch }) => epoch), [0, 1, 2]);
  assertEquals(curve(all, "loss").step, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assertEquals(of(all, "act").map(({ text }) => text), [
    "set the learning rate to 0.5 (it was 0.1)",
  ]);
  const history = await train(
    { metrics: ["loss"], ...steps() },
    [0, 1, 2],
    {
      ...{ epochs: 4, resume: dir, printer: silent() },
      plugins: [{ name: "tester", onEpochBegin() {}, onEpochEnd() {} }],
    },
  ).catch((error) => error);
  assertEquals(history instanceof InputError, false, history.message);
});
