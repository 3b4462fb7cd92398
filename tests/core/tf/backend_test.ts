import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../../core/errors.ts";
import { type BackendName, useBackend } from "../../../core/tf/backend.ts";
import { findGpu } from "../../../core/tf/gpu.ts";
import { fit } from "../../../core/tf/fit.ts";
import { drawnOn } from "./_draws.ts";
import { classifier, grown } from "./_models.ts";

const gpu = await findGpu();
const data = { x: [[1, 2], [3, 4], [5, 6]], y: [0, 1, 2] };
const options = { epochs: 2, seed: 1, batchSize: 2 };

Deno.test("useBackend() runs what was requested, and says so", async () => {
  for (const name of ["wasm", "cpu"] as const) {
    assertEquals(await useBackend(name, { threads: 1 }), {
      backend: name,
      why: `backend ${name}: asked for`,
      threads: 1,
    });
    assertEquals(tf.getBackend(), name);
  }
});

Deno.test("useBackend() picks a real GPU or wasm by itself, and says why", async () => {
  const { backend, why } = await useBackend("auto");
  const real = gpu.adapter !== undefined && !gpu.software;
  assertEquals(backend, real ? "webgpu" : "wasm");
  assertEquals(tf.getBackend(), backend);
  assertMatch(
    why,
    /^backend (webgpu: .|wasm(, \d+ threads)?: (no GPU adapter found|the only GPU is software, ".+"|Cannot use .+))/,
  );
  assertEquals(why.includes("\n"), false);
});

Deno.test("useBackend() rejects an unknown name", async () => {
  await assertRejects(
    () => useBackend("wsam" as BackendName),
    InputError,
    `Cannot use backend "wsam", did you mean "wasm"? (backends are auto, wasm, cpu, webgpu)`,
  );
});

Deno.test("useBackend() starts wasm without any permission: its binary is a module", async () => {
  const program = `
    import { useBackend } from "${import.meta.resolve("../../../mod.ts")}";
    console.log((await useBackend("wasm")).why);
    Deno.exit();`;
  const config = new URL("../../../deno.json", import.meta.url).pathname;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--no-check", `--config=${config}`],
      `data:application/typescript,${encodeURIComponent(program)}`,
    ],
    stdin: "null",
    stderr: "inherit",
  }).output();
  assertEquals(
    new TextDecoder().decode(stdout),
    "backend wasm: asked for\n",
  );
});

Deno.test("fit() has the same losses on wasm as on cpu, and leaks nothing there", async () => {
  await useBackend("cpu");
  const expected = await fit(classifier(), data, options);
  await useBackend("wasm");
  const model = classifier();
  const { history } = await fit(model, data, options);
  for (const [key, values] of Object.entries(expected.history)) {
    values.forEach((value, epoch) =>
      assert(Math.abs(history[key]![epoch]! - value) < 1e-5, key)
    );
  }
  assertEquals(await grown(() => fit(model, data, options)), 0);
});

Deno.test({
  name:
    "fit() has the same losses on webgpu as on cpu, and leaks nothing there",
  ignore: gpu.adapter === undefined,
  // The GPU device lives as long as the process.
  sanitizeResources: false,
  async fn() {
    await useBackend("cpu");
    const expected = await fit(classifier(), data, options);
    const { why } = await useBackend("webgpu");
    assertEquals(why, `backend webgpu: asked for, on ${gpu.name}`);
    const model = classifier();
    const { history } = await fit(model, data, options);
    for (const [key, values] of Object.entries(expected.history)) {
      values.forEach((value, epoch) =>
        assert(Math.abs(history[key]![epoch]! - value) < 1e-4, key)
      );
    }
    assertEquals(await grown(() => fit(model, data, options)), 0);
    await useBackend("cpu");
  },
});

Deno.test({
  name: "steps draw the same on webgpu as on cpu",
  ignore: gpu.adapter === undefined,
  // The GPU device lives as long as the process.
  sanitizeResources: false,
  async fn() {
    assertEquals(await drawnOn("webgpu"), await drawnOn("cpu"));
  },
});

Deno.test({
  name: "useBackend() rejects webgpu if there is no adapter",
  ignore: gpu.adapter !== undefined,
  async fn() {
    await assertRejects(
      () => useBackend("webgpu"),
      InputError,
      `Cannot use backend "webgpu": no GPU adapter found`,
    );
  },
});
