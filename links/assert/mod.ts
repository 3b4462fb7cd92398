/**
 * Local stand-in for `jsr:@std/assert`: the same code, from npm's `deno-std`.
 * Only this checkout uses it; whoever installs the package gets the genuine one.
 *
 * @module
 */
// @ts-types="./mod.d.ts"
export * from "npm:deno-std@1.4.0/assert/mod.js";
