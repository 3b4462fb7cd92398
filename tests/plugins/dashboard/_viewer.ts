/** Somebody who looks at a dashboard, as its page does. */

/** A message of the stream. */
export interface Message {
  readonly id: string;
  readonly event: string;
  // deno-lint-ignore no-explicit-any
  readonly data: any;
}

/** The messages of a response, one by one, to the end of the stream. */
export async function* messages(response: Response): AsyncGenerator<Message> {
  let text = "";
  for await (
    const chunk of response.body!.pipeThrough(new TextDecoderStream())
  ) {
    text += chunk;
    const whole = text.split("\n\n");
    text = whole.pop()!;
    for (const part of whole) {
      const { id = "", event = "", data } = Object.fromEntries(
        part.split("\n").map((line) => {
          const colon = line.indexOf(":");
          return [line.slice(0, colon), line.slice(colon + 1).trim()];
        }),
      );
      if (data === undefined) continue;
      yield { id, event, data: JSON.parse(data) };
    }
  }
}

/** The address of a part of a dashboard, with its token. */
export function part(address: string, path: string): URL {
  const url = new URL(address);
  url.pathname = path;
  return url;
}

/** Somebody who looks on from now, to the end. */
export async function viewer(
  address: string,
  after?: string,
): Promise<{ readonly all: Promise<Message[]> }> {
  const headers: HeadersInit = after ? { "last-event-id": after } : {};
  const response = await fetch(part(address, "/stream"), { headers });
  return { all: Array.fromAsync(messages(response)) };
}

/** Press a button. */
export async function press(
  address: string,
  body: unknown,
): Promise<{ status: number; problem?: string }> {
  const response = await fetch(part(address, "/act"), {
    method: "POST",
    headers: { origin: new URL(address).origin },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, ...await response.json() };
}

/** A curve as a viewer has it who did what each message says. */
export function curve(all: readonly Message[], key: string): {
  step: number[];
  values: (number | null)[];
} {
  let step: number[] = [];
  let values: (number | null)[] = [];
  for (const { event, data } of all) {
    if (event === "reset") step = values = [];
    if (event === "thin") {
      step = step.filter((_, i) => i % 2 === 1);
      values = Array.from(
        step,
        (_, i) => (values[2 * i]! + values[2 * i + 1]!) / 2,
      );
    }
    if (event !== "points") continue;
    step = [...step, ...data.step];
    values = [...values, ...data.values[key]];
  }
  return { step, values };
}
