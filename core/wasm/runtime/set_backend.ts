/**
 * tf.js' wasm backend, started without permission to read files.
 *
 * @module
 */
import type { EventEmitter } from "node:events";
import process from "node:process";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { binary } from "./binary.js";

/**
 * Sets the backend to wasm. tf.js would read its binary from a file in Deno's
 * cache; it can be made to fetch it instead, and is given here what it would
 * have compiled from that.
 *
 * @returns Whether tf.js could start it.
 */
export async function setWasmBackend(): Promise<boolean> {
  if (tf.findBackend("wasm") !== null) return await tf.setBackend("wasm");
  const modules = new Set<unknown>();
  const { platform } = tf.env();
  const { fetch } = platform;
  const { instantiate } = WebAssembly;
  const listeners = HEARD.map((name) => events.listeners(name));
  setWasmPaths("", true);
  platform.fetch = async (name) => {
    const module = await binary(name);
    modules.add(module);
    const body = { ok: true, arrayBuffer: () => Promise.resolve(module) };
    return body as unknown as Response;
  };
  WebAssembly.instantiate = (async (source: WebAssembly.Module, imports) => {
    const made = await instantiate(source, imports);
    return modules.has(source) ? { module: source, instance: made } : made;
  }) as typeof instantiate;
  try {
    return await tf.setBackend("wasm");
  } finally {
    platform.fetch = fetch;
    WebAssembly.instantiate = instantiate;
    HEARD.forEach((name, i) => removeOthers(name, listeners[i]!));
  }
}

const events: EventEmitter = process;

/** Emscripten listens to these, only to throw them again: the program could no longer handle them itself. */
const HEARD = ["uncaughtException", "unhandledRejection"] as const;

function removeOthers(name: string, kept: readonly unknown[]): void {
  for (const listener of events.listeners(name)) {
    if (!kept.includes(listener)) events.off(name, listener as () => void);
  }
}
