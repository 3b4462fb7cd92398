import { assert } from "@std/assert";
import { compileSimd } from "../../../../core/wasm/simd/build_simd.ts";
import {
  SIMD_BYTES,
  SIMD_SHARED_BYTES,
} from "../../../../core/wasm/simd/simd_bytes.ts";

Deno.test("simd_bytes.ts is what the sources compile to", async () => {
  for (
    const [shared, bytes] of [[false, SIMD_BYTES], [
      true,
      SIMD_SHARED_BYTES,
    ]] as const
  ) {
    const built = (await compileSimd(shared)).toBase64();
    const same = built === bytes.replaceAll("\n", "");
    assert(
      same,
      "The sources have changed: run core/wasm/simd/build_simd.ts",
    );
  }
});
