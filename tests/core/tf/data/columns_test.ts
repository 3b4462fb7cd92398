import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../../../core/errors.ts";
import {
  columnsOf,
  type GivenValues,
  type ModelSpecs,
} from "../../../../core/tf/data/columns.ts";
import {
  inputSpecs,
  targetSpecs,
} from "../../../../core/tf/data/tensor_spec.ts";
import { classifier, linear, twoByTwo } from "../_models.ts";

function portsOf(model: tf.LayersModel): ModelSpecs {
  return { inputs: inputSpecs(model), targets: targetSpecs(model) };
}

function refused(model: tf.LayersModel, given: unknown, message: string) {
  assertThrows(
    () => columnsOf(given as GivenValues, portsOf(model)),
    InputError,
    message,
  );
}

const sparse = classifier();
const oneHot = classifier({ loss: "categoricalCrossentropy" });
const input = sparse.inputNames[0];

Deno.test("columnsOf() takes lists and objects by name for several inputs and outputs", () => {
  const specs = portsOf(twoByTwo());
  const a = [[1, 2], [3, 4], [5, 6]];
  const b = new Float32Array(6);
  const sum = tf.tensor1d([1, 2, 3]);
  const kind = [0, 1, 0];
  for (const x of [[a, b], { b, a }]) {
    for (const y of [[sum, kind], { kind, sum }]) {
      const { inputs, targets, count } = columnsOf(
        { x, y } as GivenValues,
        specs,
      );
      assertEquals(count, 3);
      assertEquals(inputs[0]!.slice(1, 2).arraySync(), [[3, 4]]);
      assertEquals(inputs[1]!.slice(1, 2).arraySync(), [[0, 0]]);
      assertEquals(targets[0]!.slice(1, 2).arraySync(), [[2]]);
      assertEquals(targets[1]!.slice(1, 2).arraySync(), [[1]]);
    }
  }
});

Deno.test("columnsOf() takes one list of sample weights for all outputs, or one each", () => {
  const specs = portsOf(twoByTwo());
  const data = { x: [[[1, 2]], [[3, 4]]], y: [[1], [0]] };
  const weights = (sampleWeight: unknown) =>
    columnsOf({ ...data, sampleWeight } as GivenValues, specs)
      .sampleWeights.map((column) => column!.slice(0, 1).arraySync());
  assertEquals(weights([0.5]), [[0.5], [0.5]]);
  assertEquals(weights(Float32Array.of(2)), [[2], [2]]);
  assertEquals(weights([[1], tf.tensor2d([[3]])]), [[1], [3]]);
});

Deno.test("columnsOf() names both counts if they differ", () => {
  const x = new Float32Array(6);
  const message = (what: string, got: number) =>
    `Cannot use the data: x has 3 samples, ${what} has ${got}; give one for each sample`;
  refused(sparse, { x, y: Int32Array.of(0, 1) }, message("y", 2));
  refused(sparse, { x, y: [0, 1] }, message("y", 2));
  refused(sparse, { x, y: tf.tensor1d([0, 1]) }, message("y", 2));
  refused(
    linear({ inputs: 2 }),
    { x, y: new Float32Array(7) },
    message("y", 7),
  );
  refused(oneHot, { x, y: new Float32Array(12) }, message("y", 4));
  refused(
    sparse,
    { x, y: [0, 1, 2], sampleWeight: [1, 1] },
    message("sampleWeight", 2),
  );
  refused(
    twoByTwo(),
    { x: { a: x, b: new Float32Array(4) }, y: [[1, 2, 3], [0, 1, 0]] },
    message(`input "b"`, 2),
  );
});

Deno.test("columnsOf() says which shape an input expects, and what to do", () => {
  const flat = classifier({ inputs: 4 });
  const name = flat.inputNames[0];
  refused(
    flat,
    { x: tf.zeros([5, 2, 2]), y: [] },
    `Cannot use x: input "${name}" expects shape [null,4], got [5,2,2]; reshape x to [5,4]`,
  );
  refused(
    flat,
    { x: [[1, 2, 3]], y: [] },
    `Cannot use x: input "${name}" expects shape [null,4], got [1,3]; give x in that shape, or build the model with inputShape [3]`,
  );
  refused(
    flat,
    { x: new Float32Array(10), y: [] },
    `Cannot use x: input "${name}" takes 4 numbers per sample, and 10 numbers are not a multiple of that`,
  );
});

Deno.test("columnsOf() asks for a shape if the model leaves it open", () => {
  const model = tf.sequential({
    layers: [tf.layers.simpleRNN({ units: 1, inputShape: [null, 2] })],
  });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  refused(
    model,
    { x: new Float32Array(8), y: [1] },
    `has shape [null,null,2], so a typed array does not say where a sample ends; give a tensor or nested arrays`,
  );
  const { inputs } = columnsOf(
    { x: [[[1, 2], [3, 4], [5, 6]]], y: [1] },
    portsOf(model),
  );
  assertEquals(inputs[0]!.slice(0, 1).shape, [1, 3, 2]);
});

Deno.test("columnsOf() tells class indices and one-hot labels apart", () => {
  const x = new Float32Array(4);
  const wantsOneHot =
    `Cannot use y: loss "categoricalCrossentropy" of output "classes" expects one-hot labels of shape [null,3], got [2]; give y as one-hot labels, or compile the model with loss "sparseCategoricalCrossentropy" for class indices`;
  const wantsIndices =
    `Cannot use y: loss "sparseCategoricalCrossentropy" of output "classes" expects integer class indices of shape [null] or [null,1], got [2,3]; give y as class indices, or compile the model with loss "categoricalCrossentropy" for one-hot labels`;
  for (const y of [[0, 1], Int32Array.of(0, 1), tf.tensor1d([0, 1])]) {
    refused(oneHot, { x, y }, wantsOneHot);
  }
  const rows = [[1, 0, 0], [0, 1, 0]];
  for (const y of [rows, new Float32Array(6), tf.tensor2d(rows)]) {
    refused(sparse, { x, y }, wantsIndices);
  }
});

Deno.test("columnsOf() rejects labels that are not a class", () => {
  const x = new Float32Array(4);
  const message = (i: number, label: number) =>
    `Cannot use y: loss "sparseCategoricalCrossentropy" of output "classes" expects class indices, whole numbers from 0 to 2; y[${i}] is ${label}`;
  refused(sparse, { x, y: Int32Array.of(0, 3) }, message(1, 3));
  refused(sparse, { x, y: [-1, 0] }, message(0, -1));
  refused(sparse, { x, y: [0.5, 0] }, message(0, 0.5));
  refused(sparse, { x, y: [NaN, 0] }, message(0, NaN));
});

Deno.test("columnsOf() names inputs and outputs that are missing, unknown or too many", () => {
  const model = twoByTwo();
  const x = { a: new Float32Array(2), b: new Float32Array(2) };
  const y = { sum: [1], kind: [1] };
  refused(
    model,
    { x: x.a, y },
    `Cannot use x: the model has 2 inputs ("a", "b"), x has 1; give a list in this order or an object by name`,
  );
  refused(
    sparse,
    { x: [tf.zeros([1, 2]), tf.zeros([1, 2])], y: [1] },
    `Cannot use x: the model has 1 input ("${input}"), x has 2`,
  );
  refused(
    model,
    { x, y: { sun: [1], kind: [1] } },
    `Cannot use y: the model has no output "sun", did you mean "sum"? (it has "sum", "kind")`,
  );
  refused(
    model,
    { x: { a: x.a }, y },
    `Cannot use x: nothing is given for input "b"`,
  );
});

Deno.test("columnsOf() rejects ragged and foreign values, and says where", () => {
  refused(
    sparse,
    { x: [[1, 2], [3]], y: [0, 1] },
    "Cannot read x[1]: it has 1 values, but x[0] has 2; all samples must have the same shape",
  );
  refused(
    sparse,
    { x: [[1, 2], [3, "4"]], y: [0, 1] },
    `Cannot read x[1][1]: it must be a number, current value is "4"`,
  );
  refused(
    sparse,
    { x: [[1, 2], 3], y: [0, 1] },
    "Cannot read x[1]: it is 3, but x[0] has 2; all samples must have the same shape",
  );
  refused(sparse, { x: null, y: [0] }, "Cannot use x: it must be a tensor");
  refused(
    sparse,
    { x: tf.scalar(1), y: [0] },
    "Cannot use x: it is a single number, a tensor of rank 0",
  );
  refused(sparse, { x: [[1, 2]] }, "Cannot use the data: there is x, but no y");
});

Deno.test("columnsOf() rejects empty data", () => {
  for (const x of [[], new Float32Array(0), tf.zeros([0, 2])]) {
    refused(sparse, { x, y: [] }, "Cannot use x: it has no samples");
  }
});

Deno.test("columnsOf() leaves targets to a custom loss function", () => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 3, inputShape: [2] })],
  });
  const own = (_: tf.Tensor, output: tf.Tensor) => output.mean();
  model.compile({ optimizer: "sgd", loss: own });
  const target = (y: unknown) => {
    const given = { x: new Float32Array(4), y } as GivenValues;
    return columnsOf(given, portsOf(model)).targets[0]!.slice(0, 2);
  };
  assertEquals(target(Int32Array.of(4, 5)).dtype, "int32");
  assertEquals(target(Int32Array.of(4, 5)).shape, [2, 1]);
  assertEquals(target(new Float32Array(6)).shape, [2, 3]);
  assertEquals(target(new Float32Array(4)).shape, [2, 2]);
  assertEquals(target([[1, 2, 3, 4], [5, 6, 7, 8]]).shape, [2, 4]);
});

Deno.test("columnsOf() keeps class indices exact for every loss of tf.js", () => {
  const { targets } = columnsOf(
    { x: new Float32Array(4), y: Int32Array.of(2, 1) },
    portsOf(sparse),
  );
  const target = targets[0]!.slice(0, 2);
  assertEquals(target.dtype, "float32");
  assertEquals(target.arraySync(), [[2], [1]]);
});
