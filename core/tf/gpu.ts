/**
 * WebGPU for tf.js under Deno.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** What the search for a GPU found. */
export interface Gpu {
  /** The adapter; undefined if there is none. */
  readonly adapter: GPUAdapter | undefined;
  /** Whether it is a software GPU, run by the processor and slower than wasm. */
  readonly software: boolean;
  /** What it calls itself. */
  readonly name: string;
}

const SOFTWARE =
  /llvmpipe|lavapipe|softpipe|swiftshader|basic render|\bwarp\b|software/i;

/** Look for a GPU. */
export async function findGpu(): Promise<Gpu> {
  const adapter = await navigator.gpu?.requestAdapter({
    powerPreference: "high-performance",
  }) ?? undefined;
  const name = adapter ? nameOf(adapter.info) : "none";
  const software = adapter !== undefined &&
    (adapter.info.isFallbackAdapter || SOFTWARE.test(name));
  return { adapter, software, name };
}

function nameOf({ description, vendor, device }: GPUAdapterInfo): string {
  return description || [vendor, device].filter(Boolean).join(" ") || "unnamed";
}

/** The limits that tf.js' kernels use. */
const LIMITS = [
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxComputeWorkgroupSizeX",
  "maxComputeInvocationsPerWorkgroup",
] as const;

/**
 * Create tf.js' backend `"webgpu"` on `adapter`. tf.js would create it by
 * itself, but requests the feature `["bgra8unorm-storage"]`, a list within a
 * list, which some versions of Deno reject on adapters that have it
 * (denoland/webgpu-examples, issue 22); none of its kernels needs it.
 */
export async function registerGpu(adapter: GPUAdapter): Promise<void> {
  const { WebGPUBackend } = await import("@tensorflow/tfjs-backend-webgpu");
  const requiredLimits = Object.fromEntries(
    LIMITS.map((limit) => [limit, adapter.limits[limit]]),
  );
  const device = await adapter.requestDevice({
    requiredFeatures: adapter.features.has("timestamp-query")
      ? ["timestamp-query"]
      : [],
    requiredLimits,
  });
  type Arguments = ConstructorParameters<typeof WebGPUBackend>;
  tf.removeBackend("webgpu");
  tf.registerBackend(
    "webgpu",
    () => new WebGPUBackend(...[device, adapter.info] as unknown as Arguments),
  );
}
