/**
 * Numbers as they stand in a drawing.
 *
 * @module
 */

/** A number in few digits, such as `0.0892`, `2.5e-7` or `-Infinity`. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || value === 0) return String(value);
  return size >= 1e6 || size < 1e-3
    ? exponential(value, 3)
    : String(Number(value.toPrecision(4)));
}

/** Longer labels are written with an exponent, if that is shorter. */
const LONG = 7;

/**
 * Labels of the ticks of an axis: as few digits as tell them apart; all of the
 * same form, unless the axis is logarithmic and its ticks are of few digits.
 */
export function tickLabels(ticks: readonly number[], log: boolean): string[] {
  const short = ticks.map(shortNumber);
  if (log && short.every((it, i) => near(Number(it), ticks[i]!))) return short;
  const plain = toldApart(ticks, fixed);
  const most = longest(plain);
  if (most <= LONG) return plain.map(withMinus);
  const powers = toldApart(ticks, exponential);
  return (longest(powers) < most ? powers : plain).map(withMinus);
}

/** The same, but for the last bits. */
function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.abs(b);
}

function longest(labels: readonly string[]): number {
  return Math.max(...labels.map(({ length }) => length));
}

/** The ticks with as few digits as are near enough to each. */
function toldApart(
  ticks: readonly number[],
  show: (value: number, digits: number) => string,
): string[] {
  const apart = Math.min(
    ...ticks.map(Math.abs).filter((it) => it > 0),
    ...ticks.slice(1).map((tick, i) => Math.abs(tick - ticks[i]!)),
  );
  for (let digits = 0; digits < 100; digits++) {
    const labels = ticks.map((tick) => show(tick, digits));
    const near = labels.every((label, i) =>
      Math.abs(Number(label) - ticks[i]!) <= apart * 1e-3
    );
    if (near) return labels;
  }
  return ticks.map(String);
}

/** A number with the sign of its width: `−0.5`. */
export function withMinus(label: string): string {
  return label.replace(/^-/, "−");
}

function fixed(value: number, digits: number): string {
  return (value === 0 ? 0 : value).toFixed(digits);
}

/** `2.5e-7`; `0` is `0`. */
function exponential(value: number, digits: number): string {
  if (value === 0) return "0";
  return value.toExponential(digits)
    .replace(/(\.\d*?)0+e/, "$1e").replace(".e", "e").replace("e+", "e");
}
