/**
 * Prints the files that the package exports, for `deno doc --lint`: what else
 * lies in plugins/ is its author's business.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };

// deno-lint-ignore no-console -- its output is its purpose
console.log(Object.values(config.exports).join(" "));
