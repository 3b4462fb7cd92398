import { assertEquals, assertMatch } from "@std/assert";

/** What a program of one's own prints, in a process of its own: a backend is chosen once. */
async function prints(body: string): Promise<string> {
  const root = new URL("../../..", import.meta.url).pathname;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(
      file,
      `import * as tf from "@tensorflow/tfjs";
      import { evaluate, fit, predict, silent, useBackend } from "@hookloop/hookloop";
      tf.enableProdMode();
      function model(units: number) {
        const model = tf.sequential({ layers: [
          tf.layers.dense({ units, inputShape: [1] }),
          tf.layers.dense({ units: 1 }),
        ] });
        model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
        return model;
      }
      const [small, large] = [10, 5000];
      const data = { x: [1, 2], y: [1, 2] };
      ${body}`,
    );
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        "--no-check",
        `--config=${root}deno.json`,
        file,
      ],
      env: { NO_COLOR: "1" },
    }).output();
    return new TextDecoder().decode(stdout);
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("who trains a model of some size on the backend that tf.js takes by itself is told once how to get a faster one", async () => {
  const out = await prints(`
    await fit(model(small), data);
    console.log("small done");
    await fit(model(large), data);
    await evaluate(model(large), data);
    tf.dispose(await predict(model(large), [1]));
    console.log("all done");`);
  assertMatch(
    out,
    /^small done\nNote: tf.js runs on "cpu", its slowest backend: await useBackend\(\) .+\nall done\n$/,
  );
});

Deno.test("evaluate and predict say it too", async () => {
  for (
    const call of [
      "await evaluate(model(large), data)",
      "await predict(model(large), [1])",
    ]
  ) {
    assertMatch(await prints(call), /^Note: .+\n$/);
  }
});

Deno.test("who chose a backend, or a silent run, is told nothing", async () => {
  assertEquals(
    await prints(`await useBackend("cpu"); await fit(model(large), data);`),
    "",
  );
  assertEquals(
    await prints(`await fit(model(large), data, { printer: silent() });`),
    "",
  );
});
