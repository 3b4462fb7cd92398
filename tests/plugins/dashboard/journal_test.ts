import { assertEquals } from "@std/assert";
import {
  idOf,
  type Journal,
  journal,
  MOST_ACTS,
  newId,
  NOTHING,
  piece,
  type Seen,
  seenBy,
  tell,
} from "../../../plugins/_dashboard/journal.ts";
import {
  curveOf,
  MOST,
  next,
  put,
} from "../../../plugins/_dashboard/points.ts";
import { actMessage, runMessage, statusMessage } from "./_messages.ts";
import { type Message, messages } from "./_viewer.ts";

const begun = () => journal(runMessage(), statusMessage(0));

/** So many batches are over. */
function batches(it: Journal, count: number): void {
  for (let i = 0; i < count; i++) {
    put(curveOf(it.points, "loss"), i);
    next(it.points);
  }
}

const epoch = (index: number, loss = 1) => (
  { epoch: index, step: index + 1, seconds: 1, logs: { loss } }
);

/** What is told next, and what has been seen then. */
async function told(
  it: Journal,
  before: Seen,
): Promise<{ all: Message[]; seen: Seen }> {
  const { text, seen } = piece(it, before) ?? { text: "", seen: before };
  return { all: await Array.fromAsync(messages(new Response(text))), seen };
}

/** Pieces until there is nothing new, each by its events. */
async function pieces(it: Journal, before: Seen) {
  const found: string[][] = [];
  const all: Message[] = [];
  for (let seen = before;;) {
    const next = await told(it, seen);
    if (!next.all.length) return { found, all, seen };
    found.push([...new Set(next.all.map(({ event }) => event))]);
    all.push(...next.all);
    seen = next.seen;
  }
}

const events = (all: readonly Message[]) => all.map(({ event }) => event);

Deno.test("who comes is told of the run, its epochs, acts and points, and where it is; then nothing until something is new", async () => {
  const it = begun();
  it.epochs.push(epoch(0, NaN), epoch(1, 0.5));
  it.best = { epoch: 1, key: "loss", value: 0.5 };
  tell(it, actMessage({}));
  batches(it, 2);
  const { all, seen } = await told(it, NOTHING);
  assertEquals(all.map(({ event, data }) => [event, data]), [
    ["run", it.run],
    ["epoch", { ...epoch(0), logs: { loss: null }, best: false }],
    ["epoch", { ...epoch(1, 0.5), best: true }],
    ["act", actMessage({})],
    ["points", { first: 0, every: 1, step: [1, 2], values: { loss: [0, 1] } }],
    ["status", it.status],
  ]);
  assertEquals(piece(it, seen), undefined);
  it.status = statusMessage(3);
  assertEquals(events((await told(it, seen)).all), ["status"]);
  it.run = runMessage({ epochs: 3 });
  assertEquals(events((await told(it, seen)).all), ["run", "status"]);
});

Deno.test("what came since is told, and no more", async () => {
  const it = begun();
  it.epochs.push(epoch(0));
  batches(it, 2);
  const { seen } = await told(it, NOTHING);
  it.epochs.push(epoch(1));
  tell(it, actMessage({ text: "saved last" }));
  batches(it, 3);
  const { all } = await told(it, seen);
  assertEquals(events(all), ["epoch", "act", "points"]);
  assertEquals([all[0]!.data.epoch, all[1]!.data.text], [1, "saved last"]);
  assertEquals(all[2]!.data.step, [3, 4, 5]);
});

Deno.test("after any message one may go on by its id, with what comes after it", async () => {
  const it = begun();
  it.epochs.push(epoch(0), epoch(1));
  for (const text of ["one", "two"]) tell(it, actMessage({ text }));
  batches(it, 2);
  const { all } = await told(it, NOTHING);
  for (const [i, { id }] of all.entries()) {
    // The run and where it is are told again.
    const rest = await told(it, seenBy(id));
    const things = ({ event }: Message) => !["run", "status"].includes(event);
    assertEquals(
      rest.all.filter(things),
      all.slice(i + 1).filter(things),
      all[i]!.event,
    );
    assertEquals(events(rest.all)[0], "run");
  }
});

Deno.test("an id of another run, or of nobody, leads to a reset; none is a beginning", async () => {
  assertEquals(seenBy(null), NOTHING);
  assertEquals(seenBy(""), NOTHING);
  const it = begun();
  batches(it, 4);
  it.epochs.push(epoch(0));
  const { seen } = await told(it, NOTHING);
  const good = idOf(seen);
  assertEquals(events((await told(it, seenBy(good))).all), ["run", "status"]);
  const { id } = it;
  for (
    const text of [
      ...[`${newId()}.1.4.1.0`, "x", `x${good}y`, `-${good}`, `${good}.0`],
      // Ahead of it, or between two points.
      ...[`${id}.1.5.1.0`, `${id}.1.4.2.0`, `${id}.1.4.1.1`, `${id}.2.4.1.0`],
      ...[`${id}.0.4.1.0`, `${id}.3.4.1.0`, `${id}.2.1.1.0`],
    ]
  ) {
    const { all } = await told(it, seenBy(text));
    assertEquals(events(all).slice(0, 2), ["reset", "run"], text);
    assertEquals(all.at(-1)!.event, "status", text);
    assertEquals(all.filter(({ event }) => event === "epoch").length, 1, text);
  }
});

Deno.test("much comes in pieces, and where the run is comes with the last", async () => {
  const it = begun();
  for (let i = 0; i < 600; i++) it.epochs.push(epoch(i));
  for (let i = 0; i < 1100; i++) tell(it, actMessage({ text: `${i}` }));
  batches(it, 11_000);
  const { found, all } = await pieces(it, NOTHING);
  assertEquals(found, [
    ["run", "epoch", "act", "points"],
    ["epoch", "act", "points"],
    ["act", "points", "status"],
  ]);
  const of = (event: string) => all.filter((it) => it.event === event);
  assertEquals(of("epoch").map(({ data }) => data.epoch).at(-1), 599);
  assertEquals(of("act").map(({ data }) => data.text).at(-1), "1099");
  assertEquals(of("points").map(({ data }) => data.step.length), [
    ...[5000, 5000, 1000],
  ]);
});

Deno.test("each kind by itself holds back the end", async () => {
  const long: ((it: Journal) => void)[] = [
    (it) => Array.from({ length: 501 }, (_, i) => it.epochs.push(epoch(i))),
    (it) => Array.from({ length: 501 }, () => tell(it, actMessage({}))),
    (it) => batches(it, 5001),
  ];
  for (const lengthen of long) {
    const it = begun();
    lengthen(it);
    it.end = { outcome: { status: "completed" }, elapsed: 1, best: null };
    const { found } = await pieces(it, NOTHING);
    assertEquals(found.length, 2);
    assertEquals(found[0]!.includes("status"), false);
    assertEquals(found[1]!.slice(-2), ["status", "end"]);
  }
});

Deno.test("the end is told once, last", async () => {
  const it = begun();
  const { seen } = await told(it, NOTHING);
  it.end = { outcome: { status: "completed" }, elapsed: 1, best: null };
  const { all, seen: after } = await told(it, seen);
  assertEquals(events(all), ["end"]);
  assertEquals(all[0]!.data, it.end);
  assertEquals(piece(it, after), undefined);
});

Deno.test("of very many acts the oldest are left out, and everybody gets the others once", async () => {
  const it = begun();
  const say = (from: number, to: number) => {
    for (let i = from; i < to; i++) tell(it, actMessage({ text: `${i}` }));
  };
  const texts = async (seen: Seen) =>
    (await pieces(it, seen)).all.filter(({ event }) => event === "act")
      .map(({ data }) => Number(data.text));
  say(0, 2 * MOST_ACTS - 1);
  assertEquals([it.dropped, it.acts.length], [0, 2 * MOST_ACTS - 1]);
  const { seen: early } = await told(it, NOTHING);
  const { seen: all } = await pieces(it, NOTHING);
  say(2 * MOST_ACTS - 1, 2 * MOST_ACTS);
  assertEquals([it.dropped, it.acts.length], [MOST_ACTS, MOST_ACTS]);
  say(2 * MOST_ACTS, 2 * MOST_ACTS + 3);
  assertEquals([it.dropped, it.acts.length], [MOST_ACTS, MOST_ACTS + 3]);
  assertEquals(await texts(all), [3999, 4000, 4001, 4002]);
  const kept = Array.from({ length: MOST_ACTS + 3 }, (_, i) => MOST_ACTS + i);
  assertEquals(await texts(early), kept);
  assertEquals(await texts(NOTHING), kept);
  const { seen: late } = await pieces(it, NOTHING);
  assertEquals(events((await told(it, seenBy(idOf(late)))).all), [
    ...["run", "status"],
  ]);
});

Deno.test("who has seen points that became fewer is told so first", async () => {
  const it = begun();
  batches(it, 6);
  const { seen } = await told(it, NOTHING);
  // As when there are too many, twice.
  it.points = { ...it.points, every: 2, length: 3 };
  const once = await told(it, seen);
  assertEquals(once.all.map(({ event, data }) => [event, data]), [
    ["thin", { every: 2 }],
  ]);
  assertEquals([once.seen.every, once.seen.points], [2, 3]);
  assertEquals(piece(it, once.seen), undefined);
  // Three are no pairs: all again.
  it.points = { ...it.points, every: 4, length: 2 };
  assertEquals(events((await told(it, once.seen)).all).slice(0, 2), [
    ...["reset", "run"],
  ]);
  it.points = { ...it.points, every: 8, length: 1 };
  assertEquals(piece(it, { ...seen, points: 8 })!.seen.points, 1);
  const { all } = await told(it, { ...seen, points: 8 });
  assertEquals(all.map(({ data }) => data.every), [2, 4, 8]);
});

Deno.test("where two points may soon become one, they are told two by two, until the end", async () => {
  const it = begun();
  batches(it, MOST / 2 - 1);
  assertEquals((await pieces(it, NOTHING)).seen.points, MOST / 2 - 1);
  batches(it, 2);
  const { seen } = await pieces(it, NOTHING);
  assertEquals(seen.points, MOST / 2);
  assertEquals(piece(it, seen), undefined);
  it.end = { outcome: { status: "completed" }, elapsed: 1, best: null };
  const { all } = await told(it, seen);
  assertEquals(events(all), ["points", "end"]);
  assertEquals(all[0]!.data.step, [MOST / 2 + 1]);
});

Deno.test("no two journals have the same id", () => {
  assertEquals(new Set(Array.from({ length: 100 }, newId)).size, 100);
});
