import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { eastAsianWidth } from "get-east-asian-width";
import { cut, widthOf } from "../../core/text_width.ts";

Deno.test("wide characters count twice, accents and colours not at all", () => {
  const texts: [text: string, columns: number][] = [
    ["", 0],
    ["loss 0.5", 8],
    ["損失", 4],
    ["ｆｕｌｌ", 8],
    ["━▁█", 3],
    ["e\u0301", 1],
    ["🙂", 2],
    ["\x1b[1mbold\x1b[0m", 4],
  ];
  for (const [text, columns] of texts) {
    assertEquals(widthOf(text), columns, text);
  }
});

Deno.test("where terminals do not agree, the most counts", () => {
  assertEquals(widthOf("🇩🇪"), 4);
  assertEquals(widthOf("❤️"), 2);
  assertEquals(widthOf("👩‍👩‍👧"), 6);
});

Deno.test("no character is narrower than Unicode says", () => {
  const marks = /[\p{Mn}\p{Me}\p{Cf}\p{Cc}\p{Cs}\p{Cn}\p{Co}]/u;
  const wrong: string[] = [];
  for (let code = 0; code < 0x40000; code++) {
    const char = String.fromCodePoint(code);
    if (!marks.test(char) && widthOf(char) < eastAsianWidth(code)) {
      wrong.push(code.toString(16));
    }
  }
  assertEquals(wrong, []);
});

Deno.test("cut() keeps what fits, and says that there was more", () => {
  assertEquals(cut("loss 0.5", 8), "loss 0.5");
  assertEquals(cut("loss 0.5", 7), "loss 0…");
  assertEquals(cut("損失", 4), "損失");
  assertEquals(cut("損失", 3), "損…");
  assertEquals(cut("損失", 2), "…");
  assertEquals(cut("e\u0301a", 1), "…");
  assertEquals(cut("e\u0301ab", 2), "e\u0301…");
  assertEquals(cut("abc", 0), "");
});

Deno.test("cut() ends the colours of a line that it cuts", () => {
  assertEquals(cut("\x1b[1mbold\x1b[0m", 4), "\x1b[1mbold\x1b[0m");
  assertEquals(cut("\x1b[1mbold\x1b[0m", 3), "\x1b[1mbo…\x1b[0m");
});

Deno.test("cut() leaves out what would move the cursor", () => {
  assertEquals(cut("a\x1b[2Jb\x1b[1Ac\rd\te", 80), "abcd e");
  assertEquals(cut("\x1b]0;title\x07text", 80), "text");
  assertEquals(cut("a\x1bb", 80), "ab");
});

Deno.test("cut() never takes more room than there is", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.integer({ min: 0, max: 30 }),
      (text, columns) => {
        const kept = cut(text, columns);
        assert(widthOf(kept) <= columns, JSON.stringify(kept));
        // deno-lint-ignore no-control-regex
        assert(!/[\x00-\x1a\x1c-\x1f\x7f-\x9f]/.test(kept));
      },
    ),
    { numRuns: 300 },
  );
});
