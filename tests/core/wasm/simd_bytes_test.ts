import { assert } from "@std/assert";
import { compileSimd } from "../../../core/wasm/build_simd.ts";
import { SIMD_BYTES } from "../../../core/wasm/simd_bytes.ts";

Deno.test("simd_bytes.ts is what the sources compile to", async () => {
  const built = (await compileSimd()).toBase64();
  assert(
    built === SIMD_BYTES.replaceAll("\n", ""),
    "Run core/wasm/build_simd.ts: core/wasm/simd has changed since",
  );
});
