// Loads and stores of up to four floats, so that one SIMD formula serves the
// last one to three elements of a row too.

/** Loads four floats at `p`, or the first `left` of them and zeros. */
// @ts-ignore: decorator
@inline
export function load(p: usize, left: usize): v128 {
  return left >= 4 ? v128.load(p) : loadSome(p, left);
}

/** Stores four floats at `p`, or the first `left` of them. */
// @ts-ignore: decorator
@inline
export function store(p: usize, x: v128, left: usize): void {
  if (left >= 4) v128.store(p, x);
  else storeSome(p, x, left);
}

function loadSome(p: usize, left: usize): v128 {
  let x = v128.load32_zero(p);
  if (left > 1) x = v128.load_lane<f32>(p + 4, x, 1);
  if (left > 2) x = v128.load_lane<f32>(p + 8, x, 2);
  return x;
}

function storeSome(p: usize, x: v128, left: usize): void {
  v128.store_lane<f32>(p, x, 0);
  if (left > 1) v128.store_lane<f32>(p + 4, x, 1);
  if (left > 2) v128.store_lane<f32>(p + 8, x, 2);
}

/** Writes `n` zeros. */
export function clear(to: usize, n: usize): void {
  memory.fill(to, 0, n << 2);
}

/** Adds `n` floats at `from` to those at `to`. */
export function addTo(to: usize, from: usize, n: usize): void {
  for (const end = to + ((n & ~3) << 2); to < end; to += 16, from += 16) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
  }
  for (let left = n & 3; left > 0; left--, to += 4, from += 4) {
    f32.store(to, f32.load(to) + f32.load(from));
  }
}
