/**
 * The versions a run used.
 *
 * @module
 */
import { version_core as tfjs } from "@tensorflow/tfjs";
import config from "../../../deno.json" with { type: "json" };

/** The versions of Deno, hookloop and tf.js. */
export function versions(): Record<string, string> {
  return { deno: Deno.version.deno, hookloop: config.version, tfjs };
}
