/**
 * What a run was made with.
 *
 * @module
 */

/**
 * The versions of Deno, hookloop and tf.js, which it loads.
 */
export async function versions(): Promise<Record<string, string>> {
  const { version_core } = await import("@tensorflow/tfjs");
  const { default: config } = await import("../../../deno.json", {
    with: { type: "json" },
  });
  return {
    deno: Deno.version.deno,
    hookloop: config.version,
    tfjs: version_core,
  };
}
