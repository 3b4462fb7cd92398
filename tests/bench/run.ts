/**
 * `deno task bench`: one run, one table of ratios, side by side with tf.js on
 * the same backend and models. `--json FILE` writes the numbers too.
 *
 * @module
 */
import { BLOCK } from "./backups.ts";
import { parseArgs } from "@std/cli";
import { digits } from "../../core/data/digits.ts";
import { fakeRun } from "../../core/testing.ts";
import { csvLogger, terminal } from "../../mod.ts";
import { dispatchTimes, UNTIMED } from "./dispatch.ts";
import { drawTimes } from "./draws.ts";
import { dashboardMemory } from "./dashboards.ts";
import type { Answer, Request } from "./engine.ts";
import { inTurns, median, type Row, short, table } from "./measure.ts";
import { FLOP, type ModelName } from "./models.ts";
import { manyPlugins, startup } from "./startup.ts";

const screen = terminal();
const rows: Row[] = [];
const numbers: Record<string, number> = {};

/** A tf.js in a worker, which answers one question at a time. */
function engine(): (request: Request) => Promise<Answer> {
  const worker = new Worker(new URL("./engine.ts", import.meta.url), {
    type: "module",
  });
  return (request) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Answer>) =>
        data.error ? reject(new Error(data.error)) : resolve(data);
      worker.postMessage(request);
    });
}

function add(what: string, value: number, unit: string, ratio = ""): void {
  numbers[what] = value;
  rows.push({ what, value: `${short(value)} ${unit}`, ratio });
}

const times = (ratio: number) => `${short(ratio)} times`;
const percent = (part: number) => `${short(part * 100)} %`;

/** A measurement that a stock backend may lack the kernels for. */
async function orMissing(ask: Promise<Answer>): Promise<number> {
  try {
    return (await ask).ms!;
  } catch {
    return NaN;
  }
}

/** Measures a product of 1024 x 1024 matrices, with so many threads; 0 for tf.js' kernels. */
function product(threads: number): () => Promise<number> {
  const worker = new Worker(new URL("./matmul.ts", import.meta.url), {
    type: "module",
  });
  return () =>
    new Promise((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<{ ms: number }>) =>
        resolve(data.ms);
      worker.postMessage({ threads });
    });
}

async function models(): Promise<void> {
  const [stock, ours, threaded] = [engine(), engine(), engine()];
  await stock({ kind: "open", kernels: "stock", threads: 1 });
  await ours({ kind: "open", kernels: "hookloop", threads: 1 });
  await threaded({
    kind: "open",
    kernels: "hookloop",
    threads: navigator.hardwareConcurrency,
  });
  const matmul = await inTurns(
    {
      stock: product(0),
      ours: product(1),
      threads: product(navigator.hardwareConcurrency),
    },
    7,
    status("matMul"),
  );
  const rate = (ms: number) => 2 * 1024 ** 3 / ms / 1e6;
  add("matMul 1024^3, tf.js", rate(matmul.stock!), "GFLOP/s");
  add(
    "matMul 1024^3, hookloop",
    rate(matmul.ours!),
    "GFLOP/s",
    `${times(matmul.stock! / matmul.ours!)} tf.js`,
  );
  add(
    "matMul 1024^3, hookloop with threads",
    rate(matmul.threads!),
    "GFLOP/s",
    `${times(matmul.stock! / matmul.threads!)} tf.js`,
  );
  for (const model of ["mlp", "cnn", "lstm"] as const) {
    await oneModel(
      model,
      { stock, ours, threaded },
      matmul.stock!,
      matmul.ours!,
    );
  }
  for (const epochs of [1, 9, 90]) {
    const { memory } = await ours({ kind: "memory", epochs });
    const total = { 1: 1, 9: 10, 90: 100 }[epochs];
    add(`tensors held after ${total} epochs`, memory!.tensors, "tensors");
    add(`bytes held after ${total} epochs`, memory!.bytes, "bytes");
  }
}

type Engines = Record<"stock" | "ours" | "threaded", ReturnType<typeof engine>>;

async function oneModel(
  model: ModelName,
  { stock, ours, threaded }: Engines,
  stockMatmul: number,
  ourMatmul: number,
): Promise<void> {
  const batches = model === "mlp" ? 60 : 12;
  const ask = (
    on: ReturnType<typeof engine>,
    kind: Extract<Request, { model: ModelName }>["kind"],
  ) =>
  () => orMissing(on({ kind, model, batches }));
  const name = { mlp: "MLP", cnn: "CNN", lstm: "embedding + LSTM" }[model];
  const ms = await inTurns(
    {
      "tfjs fit": ask(stock, "tfjs fit"),
      "tfjs step": ask(stock, "step"),
      "step": ask(ours, "step"),
      "fit": ask(ours, "fit"),
      "plugins": ask(ours, "fit with plugins"),
      "backup": ask(ours, "backup"),
      "threads": ask(threaded, "fit"),
    },
    9,
    status(name),
  );
  const stockName = Number.isNaN(ms["tfjs fit"]!)
    ? "tf.js has not the kernels"
    : "";
  rows.push({
    what: `${name}, tf.js model.fit`,
    value: stockName || `${short(ms["tfjs fit"]!)} ms a batch`,
    ratio: "",
  });
  if (!stockName) {
    add(`${name}, tf.js bare loop`, ms["tfjs step"]!, "ms a batch");
  }
  const faster = (value: number) =>
    stockName ? "" : `${times(ms["tfjs fit"]! / value)} faster than model.fit`;
  add(
    `${name}, bare loop on our kernels`,
    ms.step!,
    "ms a batch",
    faster(ms.step!),
  );
  add(`${name}, hookloop fit`, ms.fit!, "ms a batch", faster(ms.fit!));
  add(
    `${name}, hookloop fit with progress, CSV, early stopping`,
    ms.plugins!,
    "ms a batch",
    `${percent(ms.plugins! / ms.step! - 1)} over the bare loop`,
  );
  add(
    `${name}, a backup on the step's path`,
    ms.backup!,
    "ms",
    `${percent(ms.backup! / ms.fit!)} of a batch`,
  );
  if (model === "mlp") {
    const looked = await ours({ kind: "dashboard share", model, batches });
    rows.push({
      what: `${name}, fit with a dashboard that three look at`,
      value: "",
      ratio: `${percent(looked.ms! - 1)} longer than without, in turns`,
    });
    const share = await ours({ kind: "backup share", model, batches });
    rows.push({
      what: `${name}, fit with a backup in ${BLOCK * batches} batches`,
      value: "",
      ratio: `${percent(share.ms! - 1)} longer than without, in one run`,
    });
  }
  add(
    `${name}, hookloop fit with threads`,
    ms.threads!,
    "ms a batch",
    faster(ms.threads!),
  );
  if (!FLOP[model]) return;
  const share = (step: number, ceiling: number) =>
    FLOP[model] / step / (2 * 1024 ** 3 / ceiling);
  for (
    const [way, step] of [["fit", ms.fit!], [
      "fit with threads",
      ms.threads!,
    ]] as const
  ) {
    rows.push({
      what: `${name}, arithmetic of ${way}`,
      value: `${short(FLOP[model] / step / 1e6)} GFLOP/s`,
      ratio: `${percent(share(step, ourMatmul))} of our matMul on one thread, ${
        percent(share(step, stockMatmul))
      } of tf.js'`,
    });
  }
}

async function dispatch(): Promise<void> {
  screen.status("dispatch …");
  const best = await dispatchTimes(9);
  const ours = best["hookloop, 10 plugins"]!;
  for (const [name, us] of Object.entries(best)) {
    add(
      `batch begin + end: ${name}`,
      us,
      "us",
      name.startsWith("tf.js")
        ? `${times(us / ours)} hookloop's 10`
        : name === UNTIMED
        ? `${short(1000 * (ours - us))} ns to look for slow plugins`
        : "",
    );
  }
}

function draws(): void {
  for (const [name, us] of Object.entries(drawTimes(9))) {
    add(`random numbers of its own for a step ${name}`, us, "us");
  }
}

async function startups(): Promise<void> {
  screen.status("start-up …");
  const cwd = Deno.makeTempDirSync();
  add("train --help", await startup(["train", "--help"], cwd), "ms");
  for (const count of [10, 100, 1000]) {
    add(
      `plugins, ${count} files`,
      await startup(["plugins"], manyPlugins(count)),
      "ms",
    );
  }
}

async function dashboards(): Promise<void> {
  screen.status("dashboard …");
  const held = await dashboardMemory();
  for (const { batches, mb } of [held[1]!, held[3]!, held.at(-1)!]) {
    add(
      `memory with a dashboard that three look at, batch ${batches}`,
      mb,
      "MB",
    );
  }
}

async function data(): Promise<void> {
  screen.status("data …");
  const seconds: number[] = [];
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    digits({ train: 2000, validation: 0, seed: i });
    seconds.push((performance.now() - start) / 1000);
  }
  add("digits made", 2000 / median(seconds), "a second");
  const { fire } = fakeRun(csvLogger(), { dir: Deno.makeTempDirSync() });
  await fire("onTrainBegin", {});
  const logs = {
    loss: Math.random(),
    accuracy: Math.random(),
    val_loss: Math.random(),
    val_accuracy: Math.random(),
  };
  const start = performance.now();
  for (let epoch = 0; epoch < 10_000; epoch++) {
    await fire("onEpochEnd", epoch, logs);
  }
  add(
    "CSV rows written, each flushed",
    10_000 / ((performance.now() - start) / 1000),
    "a second",
  );
  await fire("onTrainEnd", {});
}

function status(what: string): (name: string) => void {
  return (name) => screen.status(`${what}: ${name} …`);
}

const { json } = parseArgs(Deno.args, { string: ["json"] });
const cpu = /model name\s*: (.*)/.exec(
  await Deno.readTextFile("/proc/cpuinfo").catch(() => ""),
)?.[1] ?? Deno.build.arch;
const machine =
  `${cpu}, ${navigator.hardwareConcurrency} cores, Deno ${Deno.version.deno}, ${
    new Date().toISOString().slice(0, 10)
  }`;
screen.print(`${machine}\n`);
await models();
await dispatch();
draws();
await startups();
await dashboards();
await data();
screen.status("");
screen.print(table(rows));
if (json) {
  await Deno.writeTextFile(
    String(json),
    `${JSON.stringify({ machine, numbers }, null, 2)}\n`,
  );
  screen.print(`\nwrote ${json}`);
}
Deno.exit(0);
