/**
 * tf.js' own binaries, loaded as modules: unlike a file in Deno's cache, a
 * module needs no permission.
 *
 * @module
 */

/**
 * A binary of the wasm backend, compiled.
 *
 * @param name Its file, such as `"tfjs-backend-wasm-simd.wasm"`.
 */
export function binary(name: string): Promise<WebAssembly.Module>;
