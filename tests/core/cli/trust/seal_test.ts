import { assertEquals } from "@std/assert";

/** What a program prints once the globals are sealed, which `first` comes before. */
async function sealed(program: string, first = ""): Promise<string> {
  const seal = new URL("../../../../core/cli/trust/seal.ts", import.meta.url);
  const { pathname } = new URL("../../../../deno.json", import.meta.url);
  const code = `
    import { sealGlobals } from "${seal}";
    const before = new Map([[1, 2]]);${first}
    sealGlobals();
    ${program}`;
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--no-check", `--allow-import`],
      `--config=${pathname}`,
      `data:text/javascript,${encodeURIComponent(code)}`,
    ],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  assertEquals(success, true, text.decode(stderr));
  return text.decode(stdout);
}

Deno.test("sealGlobals() leaves programs alone: what is their own may have any name", async () => {
  const out = await sealed(`
    class Own extends Error { constructor(text) { super(text); this.name = "Own"; this.message += "!"; } }
    function Old() {}
    Old.prototype = Object.create(Object.prototype);
    Old.prototype.constructor = Old;
    Old.prototype.toString = () => "old";
    const own = {};
    own.valueOf = () => 7;
    own.constructor = 8;
    function named() {}
    named.toString = () => "named";
    globalThis.fresh = 9;
    class List extends Array { first() { return this[0]; } }
    console.log(String(new Own("text")), String(new Old()), new Old().constructor === Old);
    console.log(own + 1, own.constructor, Object.keys(own).join(), String(named), fresh);
    console.log(List.from([3]).map((x) => x * 2).first(), before.get(1), JSON.stringify({ toJSON: () => 5 }));`);
  assertEquals(
    out,
    "Own: text! old true\n8 8 valueOf,constructor named 9\n6 2 5\n",
  );
});

Deno.test("sealGlobals() keeps bindings, functions and prototypes as they are", async () => {
  const out = await sealed(`
    const attempts = [
      () => globalThis.fetch = 0,
      () => { delete Deno.readFile; },
      () => Deno.permissions.request = 0,
      () => Math.random = 0,
      () => Object.prototype.extra = 0,
      () => Object.prototype.constructor = 0,
      () => Object.setPrototypeOf(Object.prototype, {}),
      () => Function.prototype.call = 0,
      () => String.prototype.trim = 0,
      () => Error.prototype.name = "x",
      () => globalThis.TextEncoder = 0,
      () => Object.defineProperty(Response.prototype, "text", { value: 0 }),
    ];
    for (const attempt of attempts) {
      try { attempt(); console.log("done", String(attempt)); } catch (error) { console.log(error.name); }
    }`);
  assertEquals(out, "TypeError\n".repeat(12));
});

Deno.test("steps draw their own numbers where the globals are sealed, and plugins cannot change them", async () => {
  const core = new URL("../../../../core/", import.meta.url);
  const program = `
    const { train, silent } = await import("${core}loop/mod.ts");
    const native = Math.random;
    async function run(plugins) {
      const drawn = [];
      await train({
        async trainStep() {
          await 0;
          drawn.push(Math.random());
          return { loss: 1 };
        },
      }, [1, 2, 3], { seed: 1, printer: silent(), plugins });
      return drawn;
    }
    const told = [];
    const hostile = {
      name: "hostile",
      onTrainBatchBegin() {
        told.push(Math.random());
        Promise.resolve().then(() => told.push(Math.random()));
        try {
          Math.random = () => 0;
        } catch {
          told.push("refused");
        }
      },
    };
    const [alone, beside] = [await run([]), await run([hostile])];
    console.log(new Set(alone).size, alone.join() === beside.join());
    console.log(told.length, told.some((it) => alone.includes(it)), Math.random === native);`;
  const begins = `
    const { stepBegins } = await import("${core}run/draws.ts");
    stepBegins();`;
  assertEquals(await sealed(program, begins), "3 true\n9 false true\n");
});
