// One pass over a weight, its gradient and its slots for each optimizer: the
// formulas of tf.js' optimizers, operation by operation, so that the bits are the
// same; read and written once.

import { load, store } from "./lanes";

/** w += scale * g */
export function sgd(n: usize, w: usize, g: usize, scale: f32): void {
  const s = f32x4.splat(scale);
  for (let o: usize = 0, left = n; left > 0; left -= min(left, 4), o += 16) {
    store(w + o, f32x4.add(f32x4.mul(s, load(g + o, left)), load(w + o, left)), left);
  }
}

/** a = m a + g; w += scale * a, or with Nesterov scale * (g + m a) */
export function momentum(n: usize, w: usize, g: usize, a: usize, scale: f32, m: f32, nesterov: bool): void {
  const s = f32x4.splat(scale), mm = f32x4.splat(m);
  for (let o: usize = 0, left = n; left > 0; left -= min(left, 4), o += 16) {
    const grad = load(g + o, left);
    const next = f32x4.add(f32x4.mul(mm, load(a + o, left)), grad);
    const step = nesterov ? f32x4.add(grad, f32x4.mul(next, mm)) : next;
    store(a + o, next, left);
    store(w + o, f32x4.add(f32x4.mul(s, step), load(w + o, left)), left);
  }
}

/** a += g^2; w += scale * g / sqrt(a + epsilon) */
export function adagrad(n: usize, w: usize, g: usize, a: usize, scale: f32, epsilon: f32): void {
  const s = f32x4.splat(scale), e = f32x4.splat(epsilon);
  for (let o: usize = 0, left = n; left > 0; left -= min(left, 4), o += 16) {
    const grad = load(g + o, left);
    const next = f32x4.add(load(a + o, left), f32x4.mul(grad, grad));
    const step = f32x4.div(grad, f32x4.sqrt(f32x4.add(next, e)));
    store(a + o, next, left);
    store(w + o, f32x4.add(f32x4.mul(step, s), load(w + o, left)), left);
  }
}

/** u = sqrt(d + epsilon) / sqrt(a + epsilon) * g; a, d: means of g^2, u^2; w += scale * u */
export function adadelta(
  n: usize, w: usize, g: usize, a: usize, d: usize,
  scale: f32, rho: f32, rest: f32, epsilon: f32,
): void {
  const s = f32x4.splat(scale), r = f32x4.splat(rho), q = f32x4.splat(rest), e = f32x4.splat(epsilon);
  for (let o: usize = 0, left = n; left > 0; left -= min(left, 4), o += 16) {
    const grad = load(g + o, left), mean = load(a + o, left), delta = load(d + o, left);
    const ratio = f32x4.div(f32x4.sqrt(f32x4.add(delta, e)), f32x4.sqrt(f32x4.add(mean, e)));
    const step = f32x4.mul(ratio, grad);
    store(a + o, average(mean, r, f32x4.mul(grad, grad), q), left);
    store(d + o, average(delta, r, f32x4.mul(step, step), q), left);
    store(w + o, f32x4.add(f32x4.mul(step, s), load(w + o, left)), left);
  }
}

/** a = decay a + rest g^2; m = momentum m + rate g / sqrt(a + epsilon); w -= m */
export function rmsprop(
  n: usize, w: usize, g: usize, a: usize, m: usize,
  rate: f32, decay: f32, rest: f32, momentum: f32, epsilon: f32,
): void {
  const l = f32x4.splat(rate), r = f32x4.splat(decay), q = f32x4.splat(rest);
  const mm = f32x4.splat(momentum), e = f32x4.splat(epsilon);
  for (let o: usize = 0, left = n; left > 0; left -= min(left, 4), o += 16) {
    const grad = load(g + o, left);
    const square = average(load(a + o, left), r, f32x4.mul(grad, grad), q);
    const step = f32x4.div(f32x4.mul(grad, l), f32x4.sqrt(f32x4.add(square, e)));
    const next = f32x4.add(f32x4.mul(load(m + o, left), mm), step);
    store(a + o, square, left);
    store(m + o, next, left);
    store(w + o, f32x4.sub(load(w + o, left), next), left);
  }
}

/** As rmsprop, with the mean c of the gradient taken off: sqrt(a - (c^2 + epsilon)) */
export function rmspropCentered(
  n: usize, w: usize, g: usize, a: usize, m: usize, c: usize,
  rate: f32, decay: f32, rest: f32, momentum: f32, epsilon: f32,
): void {
  const l = f32x4.splat(rate), r = f32x4.splat(decay), q = f32x4.splat(rest);
  const mm = f32x4.splat(momentum), e = f32x4.splat(epsilon);
  for (let o: usize = 0, left = n; left > 0; left -= min(left, 4), o += 16) {
    const grad = load(g + o, left);
    const square = average(load(a + o, left), r, f32x4.mul(grad, grad), q);
    const mean = average(load(c + o, left), r, grad, q);
    const spread = f32x4.sub(square, f32x4.add(f32x4.mul(mean, mean), e));
    const step = f32x4.div(f32x4.mul(grad, l), f32x4.sqrt(spread));
    const next = f32x4.add(f32x4.mul(load(m + o, left), mm), step);
    store(a + o, square, left);
    store(c + o, mean, left);
    store(m + o, next, left);
    store(w + o, f32x4.sub(load(w + o, left), next), left);
  }
}

/** m, v: means of g, g^2; w += scale * (m / left1) / (sqrt(v / left2) + epsilon) */
export function adam(
  n: usize, w: usize, g: usize, m: usize, v: usize,
  scale: f32, beta1: f32, rest1: f32, left1: f32, beta2: f32, rest2: f32, left2: f32, epsilon: f32,
): void {
  const s = f32x4.splat(scale), e = f32x4.splat(epsilon), l1 = f32x4.splat(left1), l2 = f32x4.splat(left2);
  const b1 = f32x4.splat(beta1), q1 = f32x4.splat(rest1), b2 = f32x4.splat(beta2), q2 = f32x4.splat(rest2);
  for (let o: usize = 0, left = n; left > 0; left -= min(left, 4), o += 16) {
    const grad = load(g + o, left);
    const first = average(load(m + o, left), b1, grad, q1);
    const second = average(load(v + o, left), b2, f32x4.mul(grad, grad), q2);
    store(m + o, first, left);
    store(v + o, second, left);
    const step = f32x4.div(f32x4.div(first, l1), f32x4.add(f32x4.sqrt(f32x4.div(second, l2)), e));
    store(w + o, f32x4.add(f32x4.mul(step, s), load(w + o, left)), left);
  }
}

/** m: mean of g; v = max(beta2 v, |g|); w += scale * m / (v + epsilon) */
export function adamax(
  n: usize, w: usize, g: usize, m: usize, v: usize,
  scale: f32, beta1: f32, rest1: f32, beta2: f32, epsilon: f32,
): void {
  const s = f32x4.splat(scale), e = f32x4.splat(epsilon);
  const b1 = f32x4.splat(beta1), q1 = f32x4.splat(rest1), b2 = f32x4.splat(beta2);
  for (let o: usize = 0, left = n; left > 0; left -= min(left, 4), o += 16) {
    const grad = load(g + o, left);
    const first = average(load(m + o, left), b1, grad, q1);
    const norm = f32x4.max(f32x4.mul(load(v + o, left), b2), f32x4.abs(grad));
    store(m + o, first, left);
    store(v + o, norm, left);
    const step = f32x4.div(first, f32x4.add(norm, e));
    store(w + o, f32x4.add(f32x4.mul(s, step), load(w + o, left)), left);
  }
}

// @ts-ignore: decorator
@inline
function average(old: v128, keep: v128, value: v128, rest: v128): v128 {
  return f32x4.add(f32x4.mul(old, keep), f32x4.mul(value, rest));
}
