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

/** An epoch or a count, such as `10,000`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 epoch`, `2,000 epochs`. */
export function counted(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? "" : "s"}`;
}

/**
 * Labels of the ticks of an axis: as few digits as tell them apart, all of the
 * same form.
 */
export function tickLabels(ticks: readonly number[]): string[] {
  const most = Math.max(...ticks.map(Math.abs));
  const apart = Math.min(
    most,
    ...ticks.slice(1).map((tick, i) => Math.abs(tick - ticks[i]!)),
  );
  const show = most >= 1e6 || most < 1e-3 ? exponential : fixed;
  for (let digits = 0; digits < 20; digits++) {
    const labels = ticks.map((tick) => show(tick, digits));
    const told = labels.every((label, i) =>
      Math.abs(Number(label) - ticks[i]!) <= apart * 1e-3
    );
    if (told) return labels.map(withMinus);
  }
  return ticks.map((tick) => withMinus(shortNumber(tick)));
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
