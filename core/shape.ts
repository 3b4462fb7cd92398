/**
 * Shapes of tensors.
 *
 * @module
 */

/**
 * How many numbers a shape holds: 1 for a scalar, NaN if a length is open.
 *
 * @param shape Length of each dimension; `null` means any length.
 */
export function sizeOf(shape: readonly (number | null)[]): number {
  return shape.reduce<number>((size, length) => size * (length ?? NaN), 1);
}
