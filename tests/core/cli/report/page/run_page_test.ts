import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as fc from "fast-check";
import { readRun } from "../../../../../core/cli/report/past_run.ts";
import { runReport } from "../../../../../core/cli/report/run_report.ts";
import { folder } from "../../_command.ts";
import {
  comparisonOf,
  EVENTS,
  FACTS,
  logOf,
  pageOf,
  reportOf,
  wordsOf,
} from "./_report.ts";

const { outcome: _, ended: __, ...OPEN } = FACTS;

Deno.test("a page says how the run went, what happened, its plan, model, settings and time, and how to repeat it", async () => {
  const said = wordsOf(pageOf(await reportOf()));
  for (
    const words of [
      "Stopped after 3 of 5 epochs by early-stopping in onEpochEnd, epoch 3: val_loss has not improved on 1.5 (epoch 2) for 1 epoch",
      "best val_loss 1.5 epoch 2",
      "per epoch 1 s 94 batches each",
      "parameters 7,850 2 layers",
      "2.5 s 2 slow Warning: it is slow",
      "3.5 s 3 early-stopping stopped the run: enough",
      "deno task train --epochs 5 --seed 42 --backend wasm",
      "onEpochEnd early-stopping (reads val_loss), model-checkpoint loss, val_loss",
      "flat Flatten 784 0 out Dense 10 7,850",
      "An epoch took 1 s (the median), from 1 s to 1.5 s; a batch 445 ms on average",
      "until the first logs 10 ms, 1 % 2 batches of training 890 ms, 89 % validation 50 ms, 5 % plugins at the end of epochs 50 ms, 5 %",
      "samples 6000 validation 1000",
      "early-stopping patience=1",
      "deno 2.9.6 hookloop 0.1.0 tfjs 4.22.0",
    ]
  ) assertStringIncludes(said, words);
});

Deno.test("a page tells what the run itself warned of", async () => {
  const said = 'plugin "slow" takes 34 % of each training step';
  assertStringIncludes(
    wordsOf(pageOf(await reportOf({ ...FACTS, notes: [said] }))),
    `Warning: ${said}`,
  );
});

Deno.test("a page does not promise to repeat what people asked for while it ran", async () => {
  const [hook] = FACTS.plan.hooks;
  const calls = [{ plugin: "live", onlooker: true }];
  const plan = { ...FACTS.plan, hooks: [{ ...hook, calls }] };
  const set = {
    ...{ at: 2000, kind: "act", by: "live", hook: "onTrainBatchEnd", epoch: 1 },
    what: { kind: "set", setting: "learningRate", value: 0.1 },
  };
  const of = async (plan: unknown, ...more: object[]) =>
    wordsOf(pageOf(await reportOf({ ...FACTS, plan }, logOf(more))));
  const promise = "the same numbers come out on cpu and wasm";
  assertStringIncludes(
    await of(plan, set),
    `${promise}, but for what live was asked for, from epoch 2 on.`,
  );
  assertStringIncludes(await of(plan, { ...set, by: "x" }), `${promise}.`);
  assertStringIncludes(await of(FACTS.plan, set), `${promise}.`);
});

Deno.test("a page needs no network and no script, and says so to the browser", async () => {
  const page = pageOf(await reportOf());
  assertStringIncludes(
    page,
    "default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;",
  );
  assertEquals(page.match(/<script|<link|<iframe|\son\w+=|https?:/g), null);
  assertEquals(page.match(/<html lang|<main|<nav|<header|<footer/g)?.length, 5);
  assertEquals(page.match(/<th(?!ead| scope=)/g), null);
});

Deno.test("what a record does not say, as an old one, is left out", async () => {
  const said = wordsOf(
    pageOf(await reportOf({ began: FACTS.began, epoch: [], history: {} }, "")),
  );
  assertStringIncludes(said, "Killed after 0 epochs");
  assertStringIncludes(said, "There are no curves");
  for (const section of ["Plan", "Model", "Time", "To repeat it"]) {
    assert(!said.includes(section), section);
  }
});

Deno.test("an experiment that trained nothing has a page of what is known", async () => {
  const { experiment, seed, versions, began, ended, command } = FACTS;
  const outcome = { status: "completed" };
  const said = wordsOf(
    pageOf(
      await reportOf(
        { experiment, seed, versions, began, ended, command, outcome },
        "",
      ),
    ),
  );
  assertStringIncludes(said, "Completed, 0 epochs.");
  assertStringIncludes(said, "There are no curves");
  assertStringIncludes(said, "hookloop 0.1.0");
});

Deno.test("a run that was killed is told to be, with the last of what it wrote", async () => {
  const torn = `${logOf(EVENTS.slice(0, 5))}{"at":2450,"kind":"warn`;
  const said = wordsOf(pageOf(await reportOf(OPEN, torn)));
  assertStringIncludes(
    said,
    "Killed after 3 of 5 epochs: its record has no end, so its process is gone without having ended the run. It has no backup to go on from.",
  );
  assertStringIncludes(said, "model-checkpoint saved best");
  const backed = [...FACTS.plugins, { name: "backup-and-restore" }];
  const resumable = await reportOf({ ...OPEN, plugins: backed }, torn);
  assertStringIncludes(
    wordsOf(pageOf(resumable)),
    `To go on with it: deno task train --resume ${resumable.dir}`,
  );
});

Deno.test("what happened often is told once: 10,000 checkpoints and learning rates are two rows", async () => {
  const events = Array.from({ length: 10_000 }, (_, epoch) => [
    {
      ...{ at: epoch, kind: "act", by: "saves", hook: "onEpochEnd", epoch },
      what: { kind: "save", path: `epochs/${epoch}`, weightsOnly: true },
    },
    {
      ...{ at: epoch, kind: "act", by: "lowers", hook: "onEpochEnd", epoch },
      what: { kind: "set", setting: "learningRate", value: 1 / (epoch + 2) },
      was: 1 / (epoch + 1),
    },
  ]).flat();
  const report = await reportOf(FACTS, logOf(events));
  assertEquals(report.happened?.length, 2);
  assertStringIncludes(
    wordsOf(pageOf(report)),
    "1 to 10,000 saves saved epochs/0 to epochs/9999, 10,000 times 0 ms 1 to 10,000 lowers set the learning rate, from 1 to 1.00e-4, 10,000 times",
  );
});

Deno.test("of 10,000 epochs 200 are listed, the best among them, and the page stays small", async () => {
  const epoch = Array.from({ length: 10_000 }, (_, i) => i);
  const loss = epoch.map((i) => i === 5001 ? "-Infinity" : i % 3 ? i : null);
  const page = pageOf(
    await reportOf({
      ...FACTS,
      epoch,
      history: { loss, val_loss: epoch.map(() => "NaN") },
      best: { epoch: 5001, key: "loss", value: "-Infinity" },
    }, ""),
  );
  assert(page.length < 100_000, `${page.length} characters`);
  assertStringIncludes(
    page,
    '<tr class="marked"><th scope="row" class="num">5002</th><td class="num">−Infinity</td><td class="num">NaN</td>',
  );
  assertStringIncludes(wordsOf(page), "201 of 10,000 epochs");
});

Deno.test("what plugins drew is on the page, as far as there is room, and what other trainings drew is not", async () => {
  const dir = await folder({
    "run/run.json": JSON.stringify(FACTS),
    "run/evaluation/a.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "run/b.PNG": "png",
    "run/huge.svg": "x".repeat(2 << 20),
    "run/notes.txt": "text",
    "run/2/run.json": JSON.stringify(FACTS),
    "run/2/c.svg": "<svg/>",
  });
  const page = pageOf(runReport(readRun(`${dir}/run`)!));
  assertEquals(
    [...page.matchAll(/<img src="(data:\S{16}).*?" alt="(.*?)">/g)]
      .map(([, address, path]) => [address, path]),
    [["data:image/png;base64", "b.PNG"], [
      "data:image/svg+xml;ba",
      "evaluation/a.svg",
    ]],
  );
});

Deno.test("nothing that a record or a log holds becomes a part of the page, whatever it is", async () => {
  const evil = fc.constantFrom(
    "<evil>1</evil>",
    `"><evil src=x>`,
    `x" onevil="1`,
    "x' onevil='1",
    "</style><evil>",
    "\u0000&lt;\ud800",
  );
  const values: fc.Arbitrary<unknown> = fc.oneof(
    evil,
    fc.jsonValue({ maxDepth: 2 }),
    fc.array(evil, { maxLength: 3 }),
    fc.dictionary(evil, evil, { maxKeys: 3 }),
    fc.array(fc.dictionary(fc.constantFrom("name", "hook", "calls"), evil), {
      maxLength: 3,
    }),
  );
  const facts = fc.record(
    Object.fromEntries(
      [...Object.keys(FACTS), "error", "resumed", "more <b>"]
        .map((
          key,
        ) => [
          key,
          fc.oneof(
            values,
            fc.constant(key in FACTS ? FACTS[key as keyof typeof FACTS] : 1),
          ),
        ]),
    ),
    { requiredKeys: [] },
  );
  const what = fc.record({
    kind: fc.constantFrom("save", "set", "stop", "restore", "other"),
    path: values,
    value: values,
    reason: values,
    name: values,
  }, { requiredKeys: [] });
  const events = fc.array(
    fc.record({
      at: values,
      kind: fc.constantFrom("act", "warning", "off", "lost", "logs", "x"),
      by: values,
      epoch: values,
      batch: values,
      text: values,
      reason: values,
      what: fc.oneof(what, values),
    }, { requiredKeys: [] }),
    { maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(facts, events, async (facts, events) => {
      const report = await reportOf(facts, logOf(events));
      for (const page of [pageOf(report), comparisonOf(report, report)]) {
        assertEquals(page.match(/<evil|["'] onevil=/g), null);
        assertEquals(page.match(/<\/style>/g)?.length, 1);
      }
      await Deno.remove(report.dir.replace(/\/run$/, ""), { recursive: true });
    }),
    { numRuns: 200 },
  );
});
