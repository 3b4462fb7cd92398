import * as tf from "@tensorflow/tfjs";
/** Which of two words groups stands in a sentence. */
const n = 400, length = 6, words = 40;
const ids: number[][] = [], y: number[] = [];
for (let i = 0; i < n; i++) { const kind = i % 2; ids.push(Array.from({length}, (_, j) => ((i * 7 + j * 13) % 20) + 20 * kind)); y.push(kind); }
const data = { train: { x: ids.slice(0, 320), y: y.slice(0, 320) }, validation: { x: ids.slice(320), y: y.slice(320) } };
function model() {
  const m = tf.sequential({ layers: [
    tf.layers.embedding({ name: "words", inputDim: words, outputDim: 8, inputLength: length }),
    tf.layers.globalAveragePooling1d({ name: "mean" }),
    tf.layers.dense({ name: "output", units: 1, activation: "sigmoid" }),
  ]});
  m.compile({ optimizer: "adam", loss: "binaryCrossentropy", metrics: ["accuracy"] });
  return m;
}
export default { model, data: () => data, options: { epochs: 4 } };
