import { assertEquals } from "@std/assert";
import { eventText } from "../../core/event_text.ts";
import type { ToldRequest } from "../../core/events.ts";

const act = (what: ToldRequest, more: object = {}) =>
  eventText({ kind: "act", hook: "onEpochEnd", by: "it", what, ...more });

Deno.test("what a plugin did is told in words, with what was before", () => {
  assertEquals(
    [
      act({ kind: "stop", reason: "enough" }),
      act(
        { kind: "set", setting: "learningRate", value: 1e-4 },
        { was: 0.001 },
      ),
      act({ kind: "set", setting: "momentum", value: 0.99 }),
      act({ kind: "restore", name: "best" }),
      act({ kind: "save", path: "best", weightsOnly: false }),
      act({ kind: "save", path: "best", weightsOnly: false }, { shadow: true }),
    ],
    [
      "it stopped the run: enough",
      "it set the learning rate to 1.00e-4 (it was 0.001)",
      "it set the momentum to 0.99",
      'it restored the weights "best"',
      "it saved best",
      "it would have saved best",
    ],
  );
});

Deno.test("warnings, and plugins that are switched off", () => {
  assertEquals(eventText({ kind: "warning", text: "late" }), "late");
  assertEquals(
    eventText({ kind: "warning", by: "it", text: "late" }),
    "it: late",
  );
  assertEquals(
    eventText({
      kind: "off",
      hook: "onEpochEnd",
      by: "it",
      reason: "it broke",
    }),
    "it was switched off: it broke",
  );
});

Deno.test("logs and copies of the weights have no words", () => {
  assertEquals(
    eventText({ kind: "logs", hook: "onEpochEnd", logs: { loss: 1 } }),
    undefined,
  );
  assertEquals(act({ kind: "release", name: "best" }), undefined);
});
