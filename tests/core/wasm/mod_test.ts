import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import * as wasm from "@hookloop/wasm";

const { registerTrainingKernels } = wasm;

/** What registering replaces. */
const registered = () => [
  tf.getKernel("BatchMatMul", "wasm"),
  tf.getGradient("Relu"),
  tf.AdamOptimizer.prototype.applyGradients,
];

Deno.test("the package exports what a user needs, and nothing internal", () => {
  assertEquals(Object.keys(wasm).sort(), [
    "registerTrainingKernels",
    "startThreadedBackend",
  ]);
});

Deno.test("the package imports tf.js, the compiler of its kernels and its own folder alone", () => {
  const root = new URL("../../../core/wasm/", import.meta.url);
  const outside = sources(root).flatMap((file) =>
    [
      ...Deno.readTextFileSync(file).matchAll(
        /^(?:import|export|\}).*"(.+)";$/gm,
      ),
    ]
      .map(([, from]) => from!)
      .filter((from) =>
        from.startsWith(".")
          ? !new URL(from, file).href.startsWith(root.href)
          : !/^(@tensorflow\/tfjs|assemblyscript|node:)/.test(from)
      )
  );
  assertEquals(outside, []);
});

Deno.test("importing the package changes nothing until the kernels are registered", () => {
  assertEquals(tf.getKernel("ReluGrad", "wasm"), undefined);
});

Deno.test("kernels are registered before the backend starts, and optimizers made earlier are fused", async () => {
  await tf.setBackend("cpu");
  const optimizer = tf.train.sgd(0.5);
  registerTrainingKernels();
  await tf.setBackend("wasm");
  const w = tf.variable(tf.scalar(2));
  const step = () => optimizer.minimize(() => tf.relu(w) as tf.Scalar);
  step();
  const before = w.dataId;
  step();
  assertAlmostEquals(w.dataSync()[0]!, 1, 1e-6);
  assert(w.dataId === before);
  w.dispose();
});

Deno.test("registerTrainingKernels() does nothing the second time", () => {
  registerTrainingKernels();
  const before = registered();
  registerTrainingKernels();
  registered().forEach((what, i) => assert(what === before[i]));
});

/** The TypeScript files in a folder and its folders. */
function sources(folder: URL): URL[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory
      ? sources(new URL(`${name}/`, folder))
      : name.endsWith(".ts")
      ? [new URL(name, folder)]
      : []
  );
}
