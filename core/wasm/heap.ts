/**
 * The heap of tf.js' wasm backend as the kernels see it: where a tensor lies,
 * memory for a new one, working memory.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { bindSimd, type Simd } from "./simd.ts";
import { alone, type Team } from "./team.ts";

/** What the kernels use of tf.js' `BackendWasm`, part of which its types hide. */
export interface WasmBackend {
  /** Where each tensor's data lies, and its number on the C++ side. */
  dataIdMap: { get(dataId: object): { id: number; memoryOffset: number } };
  /** Next free number of a tensor. */
  dataIdNextNumber: number;
  /** How many tensors share this data. */
  refCount(dataId: object): number;
  /** Counts one more tensor that shares this data. */
  incRef(dataId: object): void;
  /** Allocates the memory of a new tensor; it is not cleared. */
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  /** Gives back a tensor's data. */
  disposeData(dataId: object): boolean;
  /** The Emscripten module. */
  wasm: {
    /** Exports of the wasm module; its memory is among them unless it is shared. */
    asm: { memory: WebAssembly.Memory };
    /** The memory, if it is shared. */
    wasmMemory?: WebAssembly.Memory;
    /** C's malloc. */
    _malloc(bytes: number): number;
    /** C's free. */
    _free(address: number): void;
    /** The C++ side's list of tensors. */
    tfjs: {
      /** Adds a tensor. */
      registerTensor(id: number, size: number, address: number): void;
      /** Drops a tensor, and whatever XNNPACK has prepared for it. */
      disposeData(id: number): void;
    };
  };
}

/** A backend's heap and the kernels bound to it. */
export interface Heap {
  /** The backend. */
  readonly backend: WasmBackend;
  /** The SIMD kernels, which work on addresses in this heap. */
  readonly simd: Simd;
  /** Who runs them; one thread, unless `setThreadedBackend` started more. */
  team: Team;
}

const heaps = new WeakMap<WasmBackend, Heap>();

/** The heap of `backend`; the SIMD kernels are bound to it at the first call. */
export function heapOf(backend: WasmBackend): Heap {
  let heap = heaps.get(backend);
  if (heap === undefined) {
    const simd = bindSimd(memoryOf(backend));
    heap = { backend, simd, team: alone(simd) };
    heaps.set(backend, heap);
  }
  return heap;
}

/** The memory of a backend's wasm module. */
export function memoryOf({ wasm }: WasmBackend): WebAssembly.Memory {
  return wasm.wasmMemory ?? wasm.asm.memory;
}

/** Address of a tensor's first byte. It stays the same when the heap grows. */
export function address(heap: Heap, tensor: tf.TensorInfo): number {
  return heap.backend.dataIdMap.get(tensor.dataId).memoryOffset;
}

/** A new float32 tensor; what it holds is whatever was there before. */
export function output(heap: Heap, shape: number[]): tf.TensorInfo {
  return heap.backend.makeOutput(shape, "float32");
}

/** Calls `use` with the address of `bytes` bytes of working memory. */
export function withRoom(
  heap: Heap,
  bytes: number,
  use: (address: number) => void,
): void {
  // malloc hands out a signed 32-bit number.
  const room = heap.backend.wasm._malloc(bytes) >>> 0;
  try {
    use(room);
  } finally {
    heap.backend.wasm._free(room);
  }
}

/** A view of `n` floats; it is void once the heap grows, so use it at once. */
export function floats(
  heap: Heap,
  address: number,
  n: number,
): Float32Array<ArrayBuffer> {
  return new Float32Array(
    memoryOf(heap.backend).buffer as ArrayBuffer,
    address,
    n,
  );
}

/**
 * Tells the backend that a tensor's data was changed in place: XNNPACK keeps
 * filters in a packed form, by tensor number, so the tensor gets a new one.
 */
export function renew(heap: Heap, tensor: tf.Tensor): void {
  const { backend } = heap;
  const data = backend.dataIdMap.get(tensor.dataId);
  backend.wasm.tfjs.disposeData(data.id);
  data.id = backend.dataIdNextNumber++;
  backend.wasm.tfjs.registerTensor(data.id, tensor.size, data.memoryOffset);
}
