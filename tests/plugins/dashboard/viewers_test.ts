import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import {
  journal,
  newId,
  NOTHING,
  piece,
  tell,
} from "../../../plugins/_dashboard/journal.ts";
import { viewers } from "../../../plugins/_dashboard/viewers.ts";
import { actMessage, runMessage, statusMessage } from "./_messages.ts";
import { TOKEN, training } from "./_training.ts";
import { curve, type Message, messages, part, viewer } from "./_viewer.ts";

const of = (all: readonly Message[], event: string) =>
  all.filter((it) => it.event === event).map(({ data }) => data);

/** What does not depend on when it was read. */
function facts(all: readonly Message[]): unknown {
  return {
    curves: ["loss", "learning_rate"].map((key) => curve(all, key)),
    epochs: of(all, "epoch"),
    acts: of(all, "act"),
    end: of(all, "end"),
  };
}

/** Somebody who asks for the stream and never reads a byte of it. */
async function silentViewer(address: string): Promise<Deno.TcpConn> {
  const { hostname, port } = new URL(address);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode(
    `GET /stream?token=${TOKEN} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
  ));
  return connection;
}

/** Let timers and connections have their turn, as training that takes its time does. */
const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Somebody who reads piece by piece: the events of each, undefined at the end. */
function slowly(stream: ReadableStream<Uint8Array>) {
  const reader = stream.getReader();
  const text = async () => {
    const { value } = await reader.read();
    return value && new TextDecoder().decode(value);
  };
  return {
    text,
    async next(): Promise<string[] | undefined> {
      return (await text())?.matchAll(/^event: (.*)$/gm)
        .map(([, event]) => event!).toArray();
    },
    leave: () => reader.cancel(),
  };
}

/** A run that has begun, its viewers, and how it ends. */
function followed() {
  const it = journal(runMessage(), statusMessage(0));
  return {
    it,
    all: viewers(it),
    end: () =>
      it.end = { outcome: { status: "completed" }, elapsed: 1, best: null },
  };
}

Deno.test("who looks on waits for what is new, until the end", async () => {
  const { it, all, end } = followed();
  const one = slowly(all.open());
  assertEquals(await one.text(), "retry: 1000\n\n");
  assertEquals(await one.next(), ["run", "status"]);
  const later = one.next();
  all.wake(); // For nothing.
  tell(it, actMessage({}));
  all.wake();
  assertEquals(await later, ["act"]);
  end();
  all.wake();
  assertEquals([await one.next(), await one.next()], [["end"], undefined]);
});

Deno.test("who has seen something before gets the rest", async () => {
  const { it, all } = followed();
  const { seen } = piece(it, NOTHING)!;
  tell(it, actMessage({}));
  const one = slowly(all.open(seen));
  await one.text();
  assertEquals(await one.next(), ["act"]);
  await one.leave();
});

Deno.test("a piece is made when it is asked for, of what there is by then", async () => {
  const { it, all } = followed();
  const reader = all.open().getReader();
  await reader.read();
  await pause(0);
  tell(it, actMessage({}));
  const { value } = await reader.read();
  assertMatch(new TextDecoder().decode(value), /^event: act$/m);
  await reader.cancel();
});

Deno.test("a run that is put back is another to those who come", async () => {
  const { it, all } = followed();
  const [one, other] = [slowly(all.open()), slowly(all.open())];
  await one.text();
  await other.text();
  assertMatch(await one.text() ?? "", new RegExp(`^id: ${it.id}\\.`));
  it.id = newId();
  assertMatch(await other.text() ?? "", new RegExp(`^id: ${it.id}\\.`));
  await one.leave();
  await other.leave();
});

Deno.test("the end waits until all have read it, or have gone, and for nobody else", async () => {
  const { all, end } = followed();
  await all.over(1e9);
  const one = slowly(all.open());
  const other = slowly(all.open());
  const gone = slowly(all.open());
  end();
  let over = false;
  const waits = all.over(1e9).then(() => over = true);
  while (await one.next()) { /* to its end */ }
  await gone.leave();
  await pause(0);
  assertEquals(over, false);
  while (await other.next()) { /* to its end */ }
  await waits;
  await all.over(1e9);
});

Deno.test("but not long", async () => {
  const { all, end } = followed();
  const stays = slowly(all.open());
  end();
  await all.over(1);
  await stays.leave();
});

Deno.test("whoever comes, and whenever, sees all of the run", async () => {
  const all: Promise<Message[]>[] = [];
  await training({
    ...{ epochs: 4, batches: 50 },
    async begin(epoch, address) {
      all.push((await viewer(address)).all);
      if (epoch < 2) await pause(300); // The first two have read of it by then.
    },
  });
  const [first, ...others] = await Promise.all(all);
  assertEquals(others.length, 3);
  assertEquals(curve(first!, "loss").step.length, 200);
  for (const other of others) assertEquals(facts(other), facts(first!));
});

Deno.test("who was away gets what was missed, and no more", async () => {
  const before: Message[] = [];
  let after: Promise<Message[]> | undefined;
  await training({
    epochs: 3,
    async begin(epoch, address) {
      if (epoch === 0) {
        const response = await fetch(part(address, "/stream"));
        // Its connection breaks when it has seen the first epoch.
        (async () => {
          for await (const message of messages(response)) {
            before.push(message);
            if (message.event === "epoch") break;
          }
        })();
      } else if (epoch === 1) {
        while (before.at(-1)?.event !== "epoch") await pause(20);
      } else after = (await viewer(address, before.at(-1)!.id)).all;
    },
  });
  const rest = await after!;
  assertEquals(rest.some(({ event }) => event === "reset"), false);
  assertEquals(of([...before, ...rest], "epoch").map(({ epoch }) => epoch), [
    ...[0, 1, 2],
  ]);
  assertEquals(curve([...before, ...rest], "loss").step, [
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9],
  ]);
});

Deno.test("who asks for what this run cannot tell gets all again, from a reset on", async () => {
  const ids = [
    ...["1", "x", "0", "-1", "a.1.0.0.0", "a.b.c.d.e", "....", "constructor"],
    ...["00000000.1.5.1.0", "é", "1".repeat(2000)],
  ];
  const all: Promise<Message[]>[] = [];
  await training({
    async begin(epoch, address) {
      if (epoch === 1) {
        for (const id of ids) {
          const url = part(address, "/stream");
          url.searchParams.set("after", id);
          all.push(Array.fromAsync(messages(await fetch(url))));
        }
        all.push((await viewer(address)).all);
      }
    },
  });
  const read = await Promise.all(all);
  const fresh = read.pop()!;
  for (const [i, messages] of read.entries()) {
    assertEquals(messages[0]!.event, "reset", ids[i]);
    assertEquals(facts(messages), facts(fresh), ids[i]);
  }
});

Deno.test("of an id that is ahead of the run nothing is made", async () => {
  const all: Promise<Message[]>[] = [];
  await training({
    async begin(epoch, address) {
      if (epoch !== 1) return;
      const response = await fetch(part(address, "/stream"));
      const seen: Message[] = [];
      for await (const message of messages(response)) {
        seen.push(message);
        if (message.event === "status") break;
      }
      const [id] = seen[0]!.id.split(".");
      const ahead = [
        ...[`${id}.1.999999.0.0`, `${id}.1.0.99.0`, `${id}.1.0.0.99`],
        ...[`${id}.3.0.0.0`, `${id}.2.0.0.0`, `${id}.0.0.0.0`],
      ];
      for (const after of ahead) all.push((await viewer(address, after)).all);
    },
  });
  for (const messages of await Promise.all(all)) {
    assertEquals(messages[0]!.event, "reset");
    assertEquals(curve(messages, "loss").step.length, 6);
  }
});

Deno.test("who does not read, or has gone, holds up nobody", async () => {
  const staring: Deno.TcpConn[] = [];
  let all: Promise<Message[]> | undefined;
  const { history } = await training({
    ...{ epochs: 6, batches: 20_000 },
    async begin(epoch, address) {
      if (epoch === 0) {
        for (let i = 0; i < 3; i++) staring.push(await silentViewer(address));
        (await silentViewer(address)).close();
        await (await fetch(part(address, "/stream"))).body!.cancel();
        all = (await viewer(address)).all;
      }
      await pause(300);
    },
  });
  for (const connection of staring) connection.close();
  assertEquals(history.outcome.status, "completed");
  assertEquals(of(await all!, "end").length, 1);
  assertEquals(curve(await all!, "loss").step.at(-1), 120_000);
});

Deno.test("curves hold no more than 100,000 points: two become one, for all alike", async () => {
  const all: Promise<Message[]>[] = [];
  const batches = 230_000;
  await training({
    ...{ epochs: 1, batches },
    steps: { trainStep: (batch: number) => ({ loss: batch % 2 }) },
    begin: async (_epoch, address) =>
      void all.push((await viewer(address)).all),
    async epoch(_epoch, address) {
      await pause(1000);
      all.push((await viewer(address)).all);
    },
  });
  const [early, late] = await Promise.all(all) as [Message[], Message[]];
  const { step, values } = curve(late, "loss");
  assertEquals(of(late, "points")[0].every, 4);
  assertEquals(step.length, Math.floor(batches / 4));
  assertEquals([step[0], step.at(-1)], [4, batches]);
  assertEquals(of(early, "reset"), []);
  assertEquals(of(early, "thin").map(({ every }) => every), [2, 4]);
  assertEquals(curve(early, "loss").step, step);
  for (const [i, value] of curve(early, "loss").values.entries()) {
    assert(Math.abs(value! - values[i]!) < 1e-12, `${i}`);
  }
  const most = Math.max(
    ...of(early, "points").map(({ step }) => step.length),
  );
  assertGreater(5001, most);
});
