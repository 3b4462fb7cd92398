import * as tf from "@tensorflow/tfjs";
import type { OptimizerFields } from "../../../../core/wasm/optimizers/fields.ts";
import { assertClose, normal, on } from "../_on_both.ts";
import { asStock } from "../_stock.ts";
import { OPTIMIZERS } from "./_optimizers.ts";

/** Losses of 50 steps of a small regression, then its weights. */
function train(optimizer: tf.Optimizer): tf.Tensor[] {
  const x = normal<tf.Rank.R2>([16, 5], 1), y = normal<tf.Rank.R2>([16, 3], 2);
  const w1 = normal<tf.Rank.R2>([5, 7], 3).variable(),
    b1 = tf.zeros([7]).variable();
  const w2 = normal<tf.Rank.R2>([7, 3], 4).variable();
  const loss = () => {
    const hidden = tf.tanh(tf.add(tf.matMul(x, w1), b1)) as tf.Tensor2D;
    return tf.mean(tf.squaredDifference(tf.matMul(hidden, w2), y)) as tf.Scalar;
  };
  const losses = Array.from(
    { length: 50 },
    () => optimizer.minimize(loss, true) as tf.Scalar,
  );
  const out = [tf.stack(losses), w1.clone(), b1.clone(), w2.clone()];
  tf.dispose([w1, b1, w2]);
  return out;
}

// Bit for bit the stock optimizer on wasm. Losses are close to cpu's, from which the
// backends' own products differ by rounding.
for (const [name, make] of Object.entries(OPTIMIZERS)) {
  Deno.test(`fused, ${name} is tf.js' own over 50 steps, bit for bit`, async () => {
    const [cpu] = await on("cpu", () => train(make()));
    const stock = await on("wasm", () => train(asStock(make())));
    const fused = await on("wasm", () => train(make()));
    assertClose(fused[0]!, cpu!, 1e-4);
    stock.forEach((expected, i) => assertClose(fused[i]!, expected, 0));
  });
}

for (const name of ["adam", "adamax"]) {
  Deno.test(`fused, ${name} multiplies up the powers of its betas in float32, as tf.js does`, async () => {
    const powers = (optimizer: tf.Optimizer) => {
      tf.dispose(train(optimizer));
      const { accBeta1, accBeta2 } = optimizer as unknown as OptimizerFields;
      return [accBeta1, ...accBeta2 ? [accBeta2] : []].map((it) => it.clone());
    };
    const make = OPTIMIZERS[name]!;
    const cpu = await on("cpu", () => powers(make()));
    const fused = await on("wasm", () => powers(make()));
    cpu.forEach((expected, i) => assertClose(fused[i]!, expected, 0));
  });
}
