/**
 * The heap of tf.js' wasm backend as the kernels see it: where a tensor lies,
 * memory for a new one, scratch memory.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { bindSimd, type Simd } from "../simd/bind.ts";
import { sizeOf } from "./shape.ts";
import { mainThreadOnly, type ThreadPool } from "./thread_pool.ts";

/** What the kernels use of tf.js' `BackendWasm`, part of which its types hide. */
export interface WasmBackend {
  /** The address of each tensor's data, and its number on the C++ side. */
  dataIdMap: { get(dataId: object): { id: number; memoryOffset: number } };
  /** The next free tensor number. */
  dataIdNextNumber: number;
  /** How many tensors share this data. */
  refCount(dataId: object): number;
  /** Records that one more tensor shares this data. */
  incRef(dataId: object): void;
  /** Allocates the memory of a new tensor; it is not cleared. */
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  /** Frees a tensor's data. */
  disposeData(dataId: object): boolean;
  /** The Emscripten module. */
  wasm: {
    /** Exports of the wasm module, among them its memory unless that is shared. */
    asm: { memory: WebAssembly.Memory };
    /** The memory, if it is shared. */
    wasmMemory?: WebAssembly.Memory;
    /** C's malloc; from {@linkcode heapOf} on it throws where C returns null. */
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
  /** The threads that run them: one, unless `startThreadedBackend` started more. */
  pool: ThreadPool;
  /** What the kernels at work have allocated for their results: freed if they fail. */
  readonly outputs: tf.TensorInfo[];
}

const heaps = new WeakMap<WasmBackend, Heap>();

/** The heap of `backend`; the SIMD kernels are bound to it on the first call. */
export function heapOf(backend: WasmBackend): Heap {
  let heap = heaps.get(backend);
  if (heap === undefined) {
    const simd = bindSimd(memoryOf(backend));
    heap = { backend, simd, pool: mainThreadOnly(simd), outputs: [] };
    guardAllocations(backend.wasm);
    guardShapes(backend);
    heaps.set(backend, heap);
  }
  return heap;
}

/**
 * Makes an allocation that fails an error. C returns null, which tf.js would
 * take for the address of a tensor, and reads sizes modulo 2^32.
 */
function guardAllocations(wasm: WasmBackend["wasm"]): void {
  // Emscripten's first malloc puts another in its own place.
  wasm._free(wasm._malloc(1));
  const malloc = wasm._malloc;
  wasm._malloc = (bytes) => {
    const address = bytes < 2 ** 32 ? malloc(bytes) : 0;
    if (address !== 0 || bytes === 0) return address;
    throw new RangeError(
      `Cannot allocate ${bytes} bytes on the wasm heap, which holds 4 GB at most; use smaller batches, or dispose of tensors that are no longer needed`,
    );
  };
}

/**
 * Makes an output that has no size an error, in the kernels of tf.js too: where a
 * filter is larger than its image, it would be of less than nothing, and a kernel
 * would write all over the heap.
 */
function guardShapes(backend: WasmBackend): void {
  const { makeOutput } = backend;
  backend.makeOutput = (shape, ...rest) => {
    if (shape.some((extent) => extent < 0)) {
      throw new RangeError(
        `Cannot make a tensor shaped [${shape}]: the filter or window is larger than its input; use padding "same", a smaller filter, or larger inputs`,
      );
    }
    return makeOutput.call(backend, shape, ...rest);
  };
}

/** The heap of the backend in use, which must be wasm. */
export function currentHeap(): Heap {
  return heapOf(tf.backend() as unknown as WasmBackend);
}

/** The memory of a backend's wasm module. */
export function memoryOf({ wasm }: WasmBackend): WebAssembly.Memory {
  return wasm.wasmMemory ?? wasm.asm.memory;
}

/** Address of a tensor's first byte. It stays the same when the heap grows. */
export function address(heap: Heap, tensor: tf.TensorInfo): number {
  return heap.backend.dataIdMap.get(tensor.dataId).memoryOffset;
}

/** A new tensor, float32 unless told otherwise; its memory is not cleared. */
export function output(
  heap: Heap,
  shape: number[],
  dtype: tf.DataType = "float32",
): tf.TensorInfo {
  const tensor = heap.backend.makeOutput(shape, dtype);
  heap.outputs.push(tensor);
  return tensor;
}

/** A new tensor of zeros, which are the same bytes in every type. */
export function zeros(
  heap: Heap,
  shape: number[],
  dtype: tf.DataType,
): tf.TensorInfo {
  const tensor = output(heap, shape, dtype);
  clear(heap, tensor);
  return tensor;
}

/** Sets a tensor to zeros. */
export function clear(heap: Heap, tensor: tf.TensorInfo): void {
  const { shape, dtype } = tensor, at = address(heap, tensor);
  const end = at + sizeOf(shape) * tf.util.bytesPerElement(dtype);
  new Uint8Array(memoryOf(heap.backend).buffer).fill(0, at, end);
}

/** Calls `use` with the address of `bytes` bytes of scratch memory, freed afterwards. */
export function withScratch(
  heap: Heap,
  bytes: number,
  use: (address: number) => void,
): void {
  // malloc returns a signed 32-bit number.
  const scratch = heap.backend.wasm._malloc(bytes) >>> 0;
  try {
    use(scratch);
  } finally {
    heap.backend.wasm._free(scratch);
  }
}

/** A view of `n` floats. It becomes invalid when the heap grows, so use it at once. */
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
 * Tells the backend that a tensor's data was changed in place: XNNPACK caches
 * filters in a packed form, by tensor number, so the tensor gets a new one.
 */
export function markChanged(heap: Heap, tensor: tf.Tensor): void {
  const { backend } = heap;
  const data = backend.dataIdMap.get(tensor.dataId);
  backend.wasm.tfjs.disposeData(data.id);
  data.id = backend.dataIdNextNumber++;
  backend.wasm.tfjs.registerTensor(data.id, tensor.size, data.memoryOffset);
}
