import { assertEquals } from "@std/assert";
import { fakeRun, type FakeRunOptions } from "../../../core/testing.ts";
import { wishes } from "../../../plugins/_dashboard/wishes.ts";

const ALL = { stop: true, learningRate: true, save: true } as const;

/** What a page asks for, and the run that carries it out. */
function asked(bodies: readonly unknown[], options: FakeRunOptions = {}) {
  const it = wishes(ALL);
  const problems = bodies.map((body) => it.take(body));
  const kit = fakeRun({
    name: "dashboard",
    requires: ["learningRate", "save"],
    onTrainBegin() {},
  }, { weights: [1], ...options });
  return { it, problems, ...kit };
}

Deno.test("what waits is told in words, until it is carried out", async () => {
  const { it, run, acts } = asked([
    { act: "stop" },
    { act: "learningRate", value: 0.25 },
    { act: "save" },
  ]);
  assertEquals([it.any, it.carriesOut], [true, false]);
  assertEquals(it.waiting(), [
    "stop after this epoch",
    "set the learning rate to 0.25",
    "save",
  ]);
  await it.carryOut(run);
  assertEquals(it.waiting(), ["stop after this epoch"]);
  assertEquals(it.any, true);
  it.epochEnds(run);
  assertEquals([it.any, it.waiting()], [false, []]);
  assertEquals(
    acts.map(({ what }) => what.kind),
    ["set", "backup", "save", "stop"],
  );
});

Deno.test("each is carried out once, and nothing where nothing waits", async () => {
  for (const body of [{ act: "learningRate", value: 1 }, { act: "save" }]) {
    const { it, run, acts } = asked([body]);
    assertEquals(it.any, true);
    await it.carryOut(run);
    assertEquals(it.any, false);
    const { length } = acts;
    assertEquals(it.carryOut(run), undefined);
    it.epochEnds(run);
    assertEquals(acts.length, length);
  }
});

Deno.test("a stop that is taken back is none", () => {
  const { it, run, acts } = asked([{ act: "stop" }, { act: "unstop" }]);
  assertEquals([it.any, it.waiting()], [false, []]);
  it.epochEnds(run);
  assertEquals(acts, []);
});

Deno.test("a learning rate may be 0, and the last one asked for holds", async () => {
  const { it, run, problems } = asked(
    [0.5, 0].map((value) => ({ act: "learningRate", value })),
  );
  assertEquals(problems, [undefined, undefined]);
  assertEquals(it.waiting(), ["set the learning rate to 0"]);
  await it.carryOut(run);
  assertEquals(run.optimizer.learningRate, 0);
});

Deno.test("while it sets the learning rate, it is known who does", () => {
  const { it, run } = asked([{ act: "learningRate", value: 0.5 }]);
  const seen: boolean[] = [];
  const optimizer = {
    set learningRate(_: number) {
      seen.push(it.carriesOut);
    },
  };
  it.carryOut({ ...run, optimizer } as unknown as typeof run);
  assertEquals([...seen, it.carriesOut], [true, false]);
});

Deno.test("what is none of these is refused, and nothing waits", () => {
  const { it, problems } = asked([{ act: "quit" }, "stop", undefined]);
  const sentence =
    `The body must be JSON such as {"act":"stop"}: "act" is one of "stop", "unstop", "learningRate", "save"`;
  assertEquals(problems, [sentence, sentence, sentence]);
  assertEquals(it.any, false);
});

Deno.test("so is what the run does not offer, and what is no learning rate", () => {
  const none = wishes({ stop: true, learningRate: false, save: false });
  assertEquals(
    none.take({ act: "learningRate", value: 1 }),
    "This run does not offer its learning rate",
  );
  assertEquals(none.take({ act: "save" }), "This run cannot save its model");
  const { it, problems } = asked(
    [-1, Infinity, NaN, "1", null].map((value) => (
      { act: "learningRate", value }
    )),
  );
  assertEquals(
    problems,
    ["-1", "Infinity", "NaN", "1", "null"].map((value) =>
      `The learning rate must be a finite number >= 0: current value is ${value}`
    ),
  );
  assertEquals([none.any, it.any], [false, false]);
});

Deno.test("a save that fails says why, whatever was thrown", async () => {
  for (const thrown of [new Error("no room"), "no room"]) {
    const { it, run, lines } = asked([{ act: "save" }]);
    await it.carryOut(
      {
        ...{ step: 7, offers: () => false, print: run.print.bind(run) },
        save: () => Promise.reject(thrown),
      } as unknown as typeof run,
    );
    assertEquals(lines, [
      "Warning: could not save dashboard/step-7: no room",
    ]);
  }
});
