import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { didYouMean, suggestion } from "../../core/did_you_mean.ts";

Deno.test("didYouMean() finds the word that was meant", () => {
  const known = ["loss", "accuracy", "val_loss", "val_accuracy"];
  assertEquals(didYouMean("val_los", known), "val_loss");
  assertEquals(didYouMean("acuracy", known), "accuracy");
  assertEquals(didYouMean("valLoss", known), "val_loss");
  assertEquals(didYouMean("lsos", known), "loss"); // Two letters swapped.
  assertEquals(didYouMean("precision", known), undefined);
});

Deno.test("suggestion() is the end of a message, or nothing", () => {
  assertEquals(suggestion("los", ["loss"]), ', did you mean "loss"?');
  assertEquals(suggestion("mse", ["loss"]), "");
});

Deno.test("a known word is its own suggestion, and one slip of a long word is forgiven", () => {
  const word = fc.stringMatching(/^[a-z]{6,12}$/);
  fc.assert(fc.property(word, fc.nat(), (word, at) => {
    assertEquals(didYouMean(word, ["other", word]), word);
    const i = at % word.length;
    assertEquals(
      didYouMean(word.slice(0, i) + word.slice(i + 1), [word]),
      word,
    );
  }));
});
