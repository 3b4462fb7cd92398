/**
 * Compiles the AssemblyScript sources beside this file to the bytes in
 * `simd_bytes.ts`. Run it after changing them:
 * `deno run --allow-read --allow-env --allow-write=. simd/build_simd.ts`.
 *
 * @module
 */
import { main } from "assemblyscript/asc";

const SOURCES = new URL("./", import.meta.url);

const ENTRIES = [
  "gemm",
  "integers",
  "window",
  "convolution",
  "depthwise",
  "pooling",
  "rows",
  "updates",
];

/** Options for a memory like that of tf.js' threaded build: shared, of up to 4 GB. */
const SHARED = [
  "--enable",
  "threads",
  "--sharedMemory",
  "--maximumMemory",
  "65536",
];

/**
 * The module's bytes. It imports its memory (`env.memory`), which is that of
 * tf.js' own module, and has no data, stack or runtime of its own to put there.
 *
 * @throws {Error} With the compiler's messages, when a source is wrong.
 */
export async function compileSimd(
  shared: boolean,
): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = new Uint8Array(0);
  const { error, stderr } = await main([
    ...ENTRIES.map((name) => `${name}.ts`),
    ...["--outFile", "out.wasm", "-O3", "--noAssert", "--runtime", "stub"],
    ...["--importMemory", "--noExportMemory", "--enable", "simd,relaxed-simd"],
    ...(shared ? SHARED : []),
  ], {
    // The compiler asks for .ts; ours end in .as, since they are not TypeScript.
    readFile: (name) =>
      Deno.readTextFile(new URL(name.replace(/\.ts$/, ".as"), SOURCES)).catch(
        () => null,
      ),
    writeFile: (_name, contents) => {
      bytes = new Uint8Array(contents as Uint8Array);
    },
    listFiles: () => [],
  });
  if (error || String(stderr)) {
    throw new Error(`Cannot compile the SIMD kernels:\n${stderr}`, {
      cause: error,
    });
  }
  return bytes;
}

/** The text of `simd_bytes.ts`. */
async function simdBytesFile(): Promise<string> {
  const base64 = async (shared: boolean) => {
    const lines = (await compileSimd(shared)).toBase64().match(/.{1,96}/g) ??
      [];
    return `string =\n  \`${lines.join("\n")}\`;`;
  };
  return [
    "/**",
    " * The compiled SIMD kernels: written by `build_simd.ts`, not by hand.",
    " *",
    " * @module",
    " */",
    "",
    "/** A WebAssembly module in base64. */",
    `export const SIMD_BYTES: ${await base64(false)}`,
    "",
    "/** The same for shared memory. */",
    `export const SIMD_SHARED_BYTES: ${await base64(true)}`,
    "",
  ].join("\n");
}

if (import.meta.main) {
  await Deno.writeTextFile(
    new URL("./simd_bytes.ts", import.meta.url),
    await simdBytesFile(),
  );
}
