/**
 * Shapes of tensors.
 *
 * @module
 */

/**
 * How many numbers a shape holds: 1 for none, NaN where a length is open.
 *
 * @param shape Length of each dimension; `null` stands for any.
 */
export function sizeOf(shape: readonly (number | null)[]): number {
  return shape.reduce<number>((size, length) => size * (length ?? NaN), 1);
}
