/**
 * Axis ticks of a drawing.
 *
 * @module
 */

/** A mark on an axis. */
export interface Tick {
  /** Its value. */
  readonly value: number;
  /** Its label; "" for a minor tick. */
  readonly text: string;
}

/** Ticks of a logarithmic axis: powers of ten, with 2 and 5 labelled if there are few of those. */
export function logTicks(low: number, high: number): Tick[] {
  const named = Math.log10(high / low) < 2 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(Math.log10(high / low) / 12));
  const ticks: Tick[] = [];
  const first = Math.floor(Math.log10(low));
  for (let power = first; power <= Math.log10(high); power++) {
    for (let digit = 1; digit <= 9; digit++) {
      const value = Number(`${digit}e${power}`);
      if (value < low * 0.9999 || value > high * 1.0001) continue;
      const text = named.includes(digit) && power % every === 0;
      if (every > 1 && !text) continue;
      ticks.push({ value, text: text ? powerText(digit, power) : "" });
    }
  }
  return ticks;
}

/** Ticks of a linear axis: four to nine round numbers. */
export function linearTicks(low: number, high: number): Tick[] {
  const rough = 10 ** Math.floor(Math.log10((high - low) / 4));
  const step = rough *
    ([5, 2, 1].find((n) => (high - low) / (rough * n) >= 4)!);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks: Tick[] = [];
  const first = Math.ceil(low / step);
  // Counted from the first: beyond 2^53, one more would be no more.
  const steps = Math.min(Math.floor(high / step) - first, 9);
  for (let i = 0; i <= steps; i++) {
    const value = (first + i) * step;
    const plain = digits <= 6 && Math.abs(value) < 1e6;
    const text = plain ? value.toFixed(digits) : shortNumber(value);
    ticks.push({ value, text });
  }
  return ticks;
}

/** A number in three digits: `0.00123`, `1.23e-5`. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e5)) {
    return String(Number(value.toPrecision(3)));
  }
  return value.toExponential(2).replace(/\.?0*e/, "e").replace("e+", "e");
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** `10⁻³`, `2·10⁻³`; `0.1`, `1` and `10` as they are. */
function powerText(digit: number, power: number): string {
  if (power >= -2 && power <= 2) return String(Number(`${digit}e${power}`));
  const exponent = [...String(power)]
    .map((sign) => sign === "-" ? "⁻" : SUPERSCRIPTS[Number(sign)]).join("");
  return `${digit === 1 ? "" : `${digit}·`}10${exponent}`;
}
