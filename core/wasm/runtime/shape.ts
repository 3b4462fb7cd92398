/**
 * Sizes of tensors.
 *
 * @module
 */

/** How many values a tensor of this shape holds; a scalar, shaped `[]`, holds one. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1);
}
