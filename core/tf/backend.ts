/**
 * The backend that tf.js computes with: the one requested, or an error.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../errors.ts";
import { suggestion } from "../did_you_mean.ts";
import { backendChosen } from "./backend_advice.ts";
import { threadsProblem } from "./threads.ts";
import { findGpu, registerGpu } from "./gpu.ts";

/** Name of a backend, or `"auto"` for the fastest available. */
export type BackendName = "auto" | "wasm" | "cpu" | "webgpu";

const BACKENDS: readonly BackendName[] = ["auto", "wasm", "cpu", "webgpu"];

/** Settings of {@linkcode useBackend}. */
export interface BackendOptions {
  /**
   * Threads of the wasm backend's training kernels, the main thread included; 1
   * starts no others, and there is no use in more than twice the number of cores. More than one requires `--allow-sys=cpus`. Default: the
   * number of cores, at most 4.
   */
  readonly threads?: number | undefined;
}

/** The backend in use. */
export interface ChosenBackend {
  /** Its name in tf.js. */
  readonly backend: "wasm" | "cpu" | "webgpu";
  /** How many threads of the processor it computes with. */
  readonly threads: number;
  /** One line that says which backend and why, such as `"backend wasm: no GPU adapter found"`. */
  readonly why: string;
}

/**
 * Choose the backend, before or after models are made: tf.js moves their
 * weights. `"auto"` takes WebGPU on a real adapter, never on a
 * software one; otherwise wasm; otherwise cpu. A backend requested by name is
 * the one that runs: there is no fallback.
 *
 * None of them needs a permission; more than one thread needs
 * `--allow-sys=cpus`.
 *
 * @example
 * ```ts
 * import { useBackend } from "@hookloop/hookloop";
 *
 * const { why } = await useBackend("cpu");
 * console.log(why);
 * ```
 *
 * @param name Which backend. Default `"auto"`.
 * @param options How many threads wasm gets.
 * @returns Which backend it is, and why.
 * @throws {InputError} If it cannot run; the message says why, and which flag
 * helps.
 */
export async function useBackend(
  name: BackendName = "auto",
  options: BackendOptions = {},
): Promise<ChosenBackend> {
  const problem = options.threads !== undefined &&
    threadsProblem(options.threads);
  if (problem) {
    throw new InputError(`Cannot start as 'threads' must be ${problem}`);
  }
  // tf.js would advise installing tfjs-node, which is of no use in Deno.
  tf.enableProdMode();
  backendChosen();
  switch (name) {
    case "auto":
      return await useFastest(options);
    case "webgpu":
      return await useGpu();
    case "wasm":
      return await useWasm("asked for", options.threads);
    case "cpu":
      return await useCpu("asked for");
  }
  throw new InputError(
    `Cannot use backend "${name}"${suggestion(name, BACKENDS)} (backends are ${
      BACKENDS.join(", ")
    })`,
  );
}

async function useFastest(
  { threads }: BackendOptions,
): Promise<ChosenBackend> {
  const reasons: string[] = [];
  const { adapter, software, name } = await findGpu();
  if (!adapter) reasons.push("no GPU adapter found");
  else if (software) reasons.push(`the only GPU is software, "${name}"`);
  else {
    try {
      await setGpu(adapter);
      return { backend: "webgpu", threads: 1, why: `backend webgpu: ${name}` };
    } catch (error) {
      reasons.push((error as Error).message);
    }
  }
  try {
    return await useWasm(reasons.join("; "), threads);
  } catch (error) {
    reasons.push((error as Error).message);
    return await useCpu(reasons.join("; "));
  }
}

async function useGpu(): Promise<ChosenBackend> {
  const { adapter, name } = await findGpu();
  if (!adapter) {
    throw new InputError(
      `Cannot use backend "webgpu": no GPU adapter found; install the driver of the GPU, or use backend "wasm"`,
    );
  }
  await setGpu(adapter);
  return {
    backend: "webgpu",
    threads: 1,
    why: `backend webgpu: asked for, on ${name}`,
  };
}

async function setGpu(adapter: GPUAdapter): Promise<void> {
  if (tf.getBackend() === "webgpu") return;
  try {
    await registerGpu(adapter);
  } catch (error) {
    throw new InputError(
      `Cannot use backend "webgpu": ${(error as Error).message}`,
      { cause: error },
    );
  }
  await set("webgpu");
}

async function useWasm(why: string, threads?: number): Promise<ChosenBackend> {
  const { registerTrainingKernels, startThreadedBackend } = await import(
    "@hookloop/wasm"
  );
  // A backend that already exists stays as it is, with or without threads.
  const count = tf.findBackend("wasm") === null
    ? await startThreadedBackend(threads)
    : 1;
  await set("wasm");
  registerTrainingKernels();
  const threaded = count > 1 ? `, ${count} threads` : "";
  return {
    backend: "wasm",
    threads: count,
    why: `backend wasm${threaded}: ${why}`,
  };
}

async function useCpu(why: string): Promise<ChosenBackend> {
  await set("cpu");
  return { backend: "cpu", threads: 1, why: `backend cpu: ${why}` };
}

async function set(backend: "wasm" | "cpu" | "webgpu"): Promise<void> {
  if (await tf.setBackend(backend) && tf.getBackend() === backend) return;
  throw new InputError(
    `Cannot use backend "${backend}": tf.js could not start it`,
  );
}
