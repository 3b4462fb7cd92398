import * as tf from "@tensorflow/tfjs";
import { normal } from "../_on_both.ts";
import { assertTrains } from "../_trains.ts";

type Layer = tf.layers.Layer;

const l = tf.layers;
const flat = [6],
  sequence = [6, 5],
  image = [8, 7, 3],
  square = [5, 5, 3],
  volume = [5, 4, 4, 2];

/**
 * The layers of tf.layers: input shape, layers to put on it, batch size. Not
 * here, as they do not train on cpu: conv3dTranspose and thresholdedReLU have
 * no gradient, conv1d's causal padding is not implemented, resizing takes no
 * batch. cpu's gradient of upSampling2d is right for a batch of one (nearest)
 * and for square images (bilinear) only.
 */
const LAYERS: Record<string, [number[], () => Layer[], number?]> = {
  dense: [flat, () => [l.dense({ units: 5 })]],
  "dense on a sequence": [
    sequence,
    () => [l.dense({ units: 5, activation: "tanh" })],
  ],
  "dense without bias": [flat, () => [l.dense({ units: 5, useBias: false })]],
  conv1d: [
    sequence,
    () => [l.conv1d({ filters: 4, kernelSize: 3, activation: "relu" })],
  ],
  conv2d: [
    image,
    () => [l.conv2d({ filters: 4, kernelSize: 3, activation: "relu" })],
  ],
  "conv2d same, strided": [
    image,
    () => [
      l.conv2d({ filters: 4, kernelSize: [3, 2], strides: 2, padding: "same" }),
    ],
  ],
  "conv2d of conv2d": [
    image,
    () => [
      l.conv2d({ filters: 9, kernelSize: 2 }),
      l.conv2d({ filters: 3, kernelSize: 3 }),
    ],
  ],
  conv3d: [
    volume,
    () => [l.conv3d({ filters: 3, kernelSize: 2, activation: "relu" })],
  ],
  conv2dTranspose: [
    image,
    () => [
      l.conv2dTranspose({
        filters: 4,
        kernelSize: 3,
        strides: 2,
        padding: "same",
      }),
    ],
  ],
  separableConv2d: [
    image,
    () => [
      l.separableConv2d({ filters: 5, kernelSize: 3, depthMultiplier: 2 }),
    ],
  ],
  depthwiseConv2d: [
    image,
    () => [
      l.depthwiseConv2d({
        kernelSize: 3,
        depthMultiplier: 2,
        strides: 2,
        padding: "same",
      }),
    ],
  ],
  simpleRNN: [
    sequence,
    () => [l.simpleRNN({ units: 4, returnSequences: true })],
  ],
  gru: [sequence, () => [l.gru({ units: 4 })]],
  lstm: [
    sequence,
    () => [l.lstm({ units: 4, returnSequences: true }), l.lstm({ units: 3 })],
  ],
  bidirectional: [
    sequence,
    () => [
      l.bidirectional({ layer: l.lstm({ units: 3 }), mergeMode: "concat" }),
    ],
  ],
  convLstm2d: [
    [3, 6, 6, 2],
    () => [l.convLstm2d({ filters: 3, kernelSize: 3, padding: "same" })],
  ],
  timeDistributed: [
    sequence,
    () => [l.timeDistributed({ layer: l.dense({ units: 3 }) })],
  ],
  batchNormalization: [flat, () => [l.batchNormalization()]],
  "batchNormalization of an image": [image, () => [l.batchNormalization()]],
  layerNormalization: [sequence, () => [l.layerNormalization()]],
  dropout: [flat, () => [l.dropout({ rate: 0.4, seed: 7 })]],
  spatialDropout1d: [
    sequence,
    () => [l.spatialDropout1d({ rate: 0.4, seed: 7 })],
  ],
  alphaDropout: [flat, () => [l.alphaDropout({ rate: 0 })]],
  gaussianDropout: [flat, () => [l.gaussianDropout({ rate: 0 })]],
  gaussianNoise: [flat, () => [l.gaussianNoise({ stddev: 0 })]],
  maxPooling1d: [sequence, () => [l.maxPooling1d({ poolSize: 2 })]],
  averagePooling1d: [sequence, () => [l.averagePooling1d({ poolSize: 2 })]],
  maxPooling2d: [
    image,
    () => [l.maxPooling2d({ poolSize: 3, strides: 2, padding: "same" })],
  ],
  averagePooling2d: [
    image,
    () => [l.averagePooling2d({ poolSize: 2, padding: "same" })],
  ],
  maxPooling3d: [volume, () => [l.maxPooling3d({ poolSize: 2 })]],
  averagePooling3d: [volume, () => [l.averagePooling3d({ poolSize: 2 })]],
  globalMaxPooling1d: [sequence, () => [l.globalMaxPooling1d()]],
  globalAveragePooling1d: [sequence, () => [l.globalAveragePooling1d()]],
  globalMaxPooling2d: [
    image,
    () => [l.globalMaxPooling2d({ dataFormat: "channelsLast" })],
  ],
  globalAveragePooling2d: [
    image,
    () => [l.globalAveragePooling2d({ dataFormat: "channelsLast" })],
  ],
  elu: [flat, () => [l.elu()]],
  leakyReLU: [flat, () => [l.leakyReLU()]],
  prelu: [flat, () => [l.prelu()]],
  reLU: [flat, () => [l.reLU({ maxValue: 1 })]],
  softmax: [flat, () => [l.softmax()]],
  flatten: [image, () => [l.flatten(), l.dense({ units: 2 })]],
  reshape: [flat, () => [l.reshape({ targetShape: [2, 3] })]],
  permute: [sequence, () => [l.permute({ dims: [2, 1] })]],
  repeatVector: [flat, () => [l.repeatVector({ n: 3 })]],
  upSampling2d: [square, () => [l.upSampling2d({ size: [2, 3] })], 1],
  "upSampling2d bilinear": [
    square,
    () => [l.upSampling2d({ size: [2, 3], interpolation: "bilinear" })],
  ],
  zeroPadding2d: [
    image,
    () => [l.zeroPadding2d({ padding: [[1, 2], [0, 1]] })],
  ],
  cropping2D: [image, () => [l.cropping2D({ cropping: [[1, 2], [0, 1]] })]],
  rescaling: [image, () => [l.rescaling({ scale: 2 })]],
  ...Object.fromEntries(
    [
      "elu",
      "hardSigmoid",
      "linear",
      "relu",
      "relu6",
      "selu",
      "sigmoid",
      "softmax",
    ].concat(
      ["softplus", "softsign", "tanh", "swish", "mish", "gelu"],
    ).map((name) => [
      `activation ${name}`,
      [flat, () => [l.activation({ activation: name as "relu" })]],
    ]),
  ),
};

for (const [name, [shape, make, batch = 4]] of Object.entries(LAYERS)) {
  Deno.test(`${name} trains on wasm as on cpu`, async () => {
    await tf.setBackend("cpu");
    // A dense layer in front makes the gradient with respect to the layer's input count.
    const model = tf.sequential({
      layers: [l.dense({ units: shape.at(-1)!, inputShape: shape }), ...make()],
    });
    await assertTrains(model, () => [normal([batch, ...shape], 5)]);
  });
}
