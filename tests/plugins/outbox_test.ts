import { assertEquals } from "@std/assert";
import { outbox } from "../../plugins/_outbox.ts";

/** A sender whose answers are given by hand. */
function sender() {
  const sent: number[] = [];
  const answers: ((good: boolean) => void)[] = [];
  const send = (item: number) => {
    sent.push(item);
    return new Promise<boolean>((answer) => answers.push(answer));
  };
  const answer = async (good: boolean) => {
    answers.shift()!(good);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { send, sent, answer };
}

Deno.test("one thing is sent at a time, in order, whether or not it arrives", async () => {
  const { send, sent, answer } = sender();
  const box = outbox(send, 9);
  for (const item of [1, 2, 3]) assertEquals(box.post(item), true);
  assertEquals(sent, [1]);
  await answer(false);
  assertEquals(sent, [1, 2]);
  await answer(true);
  assertEquals(sent, [1, 2, 3]);
  const closed = box.close(10_000);
  await answer(true);
  assertEquals(await closed, 0);
});

Deno.test("what does not fit is left out", async () => {
  const { send, sent, answer } = sender();
  const box = outbox(send, 2);
  assertEquals([1, 2, 3, 4].map(box.post), [true, true, true, false]);
  await answer(true);
  assertEquals([sent, box.post(5), box.post(6)], [[1, 2], true, false]);
  const closed = box.close(10_000);
  await answer(false);
  assertEquals(await closed, 2);
});

Deno.test("at the end, nothing is tried behind a failure, nor after the deadline", async () => {
  for (const late of [false, true]) {
    const { send, sent, answer } = sender();
    const box = outbox(send, 9);
    for (const item of [1, 2, 3]) box.post(item);
    const closed = box.close(late ? 1 : 10_000);
    if (late) await new Promise((resolve) => setTimeout(resolve, 20));
    await answer(late);
    assertEquals([sent, await closed], [[1], 2]);
  }
});

Deno.test("an outbox that nothing is in closes at once", async () => {
  assertEquals(await outbox(() => Promise.resolve(true), 1).close(10_000), 0);
});
