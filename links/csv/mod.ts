/**
 * Local stand-in for `jsr:@std/csv`: the same code, from npm's `deno-std`.
 *
 * @module
 */
// @ts-types="./mod.d.ts"
export * from "npm:deno-std@1.4.0/csv/mod.js";
