import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { fit, type Profiling, useBackend } from "../../../mod.ts";
import { tfEngine } from "../../../core/tf/engine.ts";
import type { KernelFacts } from "../../../core/steps.ts";
import { notebook } from "../_scripted.ts";

/** Kernels as lines, and what they computed with. */
function watcher() {
  const told: string[] = [];
  const facts: (KernelFacts | undefined)[] = [];
  return {
    ...{ told, facts },
    begin: (name: string) => void told.push(`${name} begins`),
    end(about?: () => KernelFacts) {
      told.push("ends");
      facts.push(about?.());
    },
  };
}

const functions = () =>
  tf.getKernelsForBackend(tf.getBackend()).map(({ kernelFunc }) => kernelFunc);

Deno.test("kernels are told of while somebody watches, with shapes and bytes", async () => {
  await useBackend("cpu");
  const before = functions();
  const a = tf.ones([2, 3]);
  const b = tf.ones([3, 4]);
  const watching = watcher();
  const unwatch = tfEngine.watch(watching);
  tf.matMul(a, b).dispose();
  unwatch();
  unwatch();
  tf.matMul(a, b).dispose();
  assertEquals(watching.told.slice(0, 1), ["BatchMatMul begins"]);
  assertEquals(watching.facts.at(-1), {
    inputs: { a: [2, 3], b: [3, 4] },
    outputs: [[2, 4]],
    bytes: 32,
  });
  assertEquals(functions(), before);
  assertEquals(watching.told.filter((it) => it === "BatchMatMul begins"), [
    "BatchMatMul begins",
  ]);
  tf.dispose([a, b]);
});

Deno.test("a kernel that throws has begun and ended, and two may watch", async () => {
  await useBackend("cpu");
  const before = functions();
  const [first, second] = [watcher(), watcher()];
  const unwatch = [tfEngine.watch(first), tfEngine.watch(second)];
  const kernel = tf.getKernel("Cast", "cpu");
  assertThrows(() =>
    kernel.kernelFunc({ inputs: {}, attrs: {}, backend: tf.backend() })
  );
  unwatch[0]!();
  const x = tf.ones([1]);
  tf.abs(x).dispose();
  unwatch[1]!();
  x.dispose();
  assertEquals(first.told, ["Cast begins", "ends"]);
  assertEquals(first.facts, [undefined]);
  assertEquals(second.told.includes("Abs begins"), true);
  assertEquals(functions(), before);
});

Deno.test("a training step on wasm shows our kernels and the optimizer's update", async () => {
  await useBackend("wasm");
  const before = functions();
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        ...{ filters: 4, kernelSize: 3, activation: "relu" },
        inputShape: [8, 8, 1],
      }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2, activation: "softmax" }),
    ],
  });
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
  let under: Profiling | undefined;
  await fit(model, {
    x: tf.ones([8, 8, 8, 1]),
    y: tf.oneHot(tf.zeros([8], "int32"), 2).toFloat(),
  }, {
    ...{ batchSize: 4, printer: notebook() },
    plugins: [{
      name: "measures",
      onTrainBegin: (_logs, run) => void (under = run.profile()),
    }],
  });
  const { spans, engine, submitted, memory } = under!.stop();
  const names = new Set(
    spans.filter(({ kind }) => kind === "kernel").map(({ name }) => name),
  );
  assertEquals([engine, submitted], ["wasm", false]);
  for (
    const name of [
      "Conv2D",
      "Conv2DBackpropFilter",
      "_FusedMatMul",
      "ApplyAdam",
    ]
  ) assertEquals(names.has(name), true, `${name} in ${[...names]}`);
  assertEquals(memory.every(({ bytes }) => bytes > 0), true);
  assertEquals(functions(), before);
  model.dispose();
});
