import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { fit, silent, tensorboard } from "../../../mod.ts";
import { kerasGraph } from "../../../plugins/_tensorboard/graph.ts";

type Tensor = tf.SymbolicTensor;
interface Layer {
  class_name: string;
  config: {
    name: string;
    dtype?: string;
    layers?: Layer[];
    input_layers?: string[];
  };
  inbound_nodes?: { args: (Drawn | Drawn[])[] }[];
}
interface Drawn {
  config: { keras_history: [string, number, number] };
}

/**
 * The lines that TensorBoard draws, "from -> to", by the rules of its own
 * reader: names in the scope of their model, what enters a model enters its
 * inputs by name, and a layer without `inbound_nodes` follows the one before.
 */
function drawn(model: tf.LayersModel): string[] {
  const lines: string[] = [];
  const entries = new Map<string, string>();
  let before: string | undefined;
  function walk(layer: Layer, scope: string): void {
    const name = scope + layer.config.name;
    const from = (layer.inbound_nodes ?? []).flatMap(({ args }) => args.flat())
      .map(({ config }) => scope + config.keras_history[0]);
    const { layers, input_layers: inputs } = layer.config;
    if (layers) {
      if (inputs) {
        const given = from.length ? from : before ? [before] : [];
        for (const [i, input] of inputs.entries()) {
          if (given[i]) entries.set(`${name}/${input}`, given[i]);
        }
      } else if (from.length) before = from[0];
      for (const it of layers) walk(it, `${name}/`);
      return;
    }
    const all = layer.inbound_nodes ? from : before ? [before] : [];
    const entered = entries.get(name);
    for (const it of entered ? [...all, entered] : all) {
      lines.push(`${it} -> ${name}`);
    }
    before = name;
  }
  walk(JSON.parse(kerasGraph(model)!), "");
  return lines;
}

const dense = (name: string, units = 4) => tf.layers.dense({ name, units });
const input = (name: string) => tf.input({ name, shape: [4] });
const apply = (layer: tf.layers.Layer, to: Tensor | Tensor[]) =>
  layer.apply(to) as Tensor;

Deno.test("a sequential model is drawn layer after layer, behind its input", () => {
  const model = tf.sequential({
    name: "net",
    layers: [
      tf.layers.embedding({
        name: "words",
        inputDim: 11,
        outputDim: 3,
        inputLength: 5,
      }),
      tf.layers.rnn({
        name: "memory",
        cell: [
          tf.layers.lstmCell({ units: 2 }),
          tf.layers.gruCell({ units: 2 }),
        ],
      }) as tf.layers.Layer,
      dense("output", 2),
    ],
  });
  assertEquals(drawn(model), [
    "net/words_input -> net/words",
    "net/words -> net/memory",
    "net/memory -> net/output",
  ]);
  const { config }: Layer = JSON.parse(kerasGraph(model)!);
  assertEquals(
    config.layers?.map((it) => [it.class_name, it.config.dtype]),
    [
      ["InputLayer", "float32"],
      ["Embedding", "float32"],
      ["RNN", "float32"],
      ["Dense", "float32"],
    ],
  );
});

Deno.test("inputs, outputs, merges and a layer that is shared each keep their lines", () => {
  const [a, b] = [input("a"), input("b")];
  const shared = dense("shared");
  const both = apply(tf.layers.concatenate({ name: "both" }), [
    apply(shared, a),
    apply(shared, b),
  ]);
  const outputs = [apply(dense("x"), both), apply(dense("y"), both)];
  assertEquals(drawn(tf.model({ name: "net", inputs: [a, b], outputs })), [
    "net/a -> net/shared",
    "net/b -> net/shared",
    "net/shared -> net/both",
    "net/shared -> net/both",
    "net/both -> net/x",
    "net/both -> net/y",
  ]);
});

Deno.test("models in models: several inputs and outputs, one behind the other, sequential ones", () => {
  const [i, j] = [input("i"), input("j")];
  const sum = apply(tf.layers.add({ name: "sum" }), [i, j]);
  const inner = tf.model({
    name: "inner",
    inputs: [i, j],
    outputs: [sum, apply(dense("out"), sum)],
  });
  const tail = tf.sequential({
    name: "tail",
    layers: [
      tf.layers.dense({ name: "t1", units: 4, inputShape: [4] }),
      dense("t2"),
    ],
  });
  const [a, b] = [input("a"), input("b")];
  const [first, second] = inner.apply([apply(dense("d"), a), b]) as Tensor[];
  const outputs = apply(tf.layers.add({ name: "end" }), [
    apply(tail, first!),
    second!,
  ]);
  assertEquals(drawn(tf.model({ name: "net", inputs: [a, b], outputs })), [
    "net/a -> net/d",
    "net/d -> net/inner/i",
    "net/b -> net/inner/j",
    "net/inner/i -> net/inner/sum",
    "net/inner/j -> net/inner/sum",
    "net/inner/sum -> net/inner/out",
    "net/inner/sum -> net/tail/t1_input",
    "net/tail/t1_input -> net/tail/t1",
    "net/tail/t1 -> net/tail/t2",
    "net/tail/t2 -> net/end",
    "net/inner/out -> net/end",
  ]);
});

Deno.test("a functional model in a sequential one takes what comes before it", () => {
  const i = input("i");
  const base = tf.model({
    name: "base",
    inputs: i,
    outputs: apply(dense("b"), i),
  });
  const layers = [
    tf.layers.dense({ name: "first", units: 4, inputShape: [4] }),
    base,
    dense("head", 1),
  ];
  assertEquals(drawn(tf.sequential({ name: "net", layers })), [
    "net/first_input -> net/first",
    "net/first -> net/base/i",
    "net/base/i -> net/base/b",
    "net/base/b -> net/head",
  ]);
});

/** One of somebody's own, whose settings are called as those of a model are. */
class Composite extends tf.layers.Layer {
  static readonly className: string = "Composite";
  override call(inputs: tf.Tensor[]): tf.Tensor {
    return inputs[0]!;
  }
  override getConfig(): tf.serialization.ConfigDict {
    return { layers: 3 };
  }
}

Deno.test("a layer's own settings do not pass for layers, and one without a name is given one", () => {
  const layers = [
    tf.layers.dense({ name: "first", units: 4, inputShape: [4] }),
    new Composite(),
    new Composite(),
  ];
  assertEquals(drawn(tf.sequential({ name: "net", layers })), [
    "net/first_input -> net/first",
    "net/first -> net/Composite_1",
    "net/Composite_1 -> net/Composite_2",
  ]);
});

Deno.test("what is no model of tf.js has no graph", () => {
  for (const model of [undefined, null, {}, "net"]) {
    assertEquals(kerasGraph(model), undefined);
  }
});

/** One that cannot say what it is. */
class Mute extends Composite {
  static override readonly className: string = "Mute";
  override getConfig(): tf.serialization.ConfigDict {
    throw new Error("Mute has no settings");
  }
}

Deno.test("where a layer cannot say what it is, a line says why there is no graph, and the run goes on", async () => {
  await tf.setBackend("cpu");
  const layers = [
    tf.layers.dense({ name: "first", units: 1, inputShape: [1] }),
    new Mute(),
  ];
  const model = tf.sequential({ layers });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const lines: string[] = [];
  const { outcome } = await fit(model, { x: [1, 2], y: [1, 2] }, {
    dir: await Deno.makeTempDir(),
    plugins: [tensorboard()],
    printer: { ...silent(), print: (line) => void lines.push(line) },
  });
  assertEquals(outcome.status, "completed");
  assertEquals(lines, [
    "tensorboard: the model's graph is left out: Mute has no settings",
  ]);
});
