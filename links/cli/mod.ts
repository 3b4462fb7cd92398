/**
 * Local stand-in for `jsr:@std/cli`: the same code, from npm's `deno-std`
 * (its own `cli/mod.js` is broken, so the one function used comes by itself).
 *
 * @module
 */
// @ts-types="./mod.d.ts"
export { parseArgs } from "npm:deno-std@1.4.0/cli/parse_args.js";
