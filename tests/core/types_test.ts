import { assertEquals } from "@std/assert";
import type * as tf from "@tensorflow/tfjs";
import type { Plugin, PluginList } from "../../mod.ts";

Deno.test("Plugin<K> makes its keys numbers and others compile errors", () => {
  const plugin: Plugin<"loss"> = {
    name: "typed",
    needs: { onEpochEnd: ["loss"] },
    onEpochEnd(_epoch, logs) {
      const loss: number = logs.loss;
      // @ts-expect-error -- accuracy is not among the keys it needs
      const accuracy = logs.accuracy;
      assertEquals([loss, accuracy], [1, undefined]);
    },
  };
  const wrong: Plugin<"loss"> = {
    name: "wrong",
    // @ts-expect-error -- needs may only name the keys of the type
    needs: { onEpochEnd: ["acc"] },
  };
  plugin.onEpochEnd!(0, { loss: 1 }, undefined as never);
  assertEquals(wrong.name, "wrong");
});

Deno.test("a Plugin of unknown keys has numbers that may be missing", () => {
  const plugin: Plugin = {
    name: "loose",
    onEpochEnd(_epoch, logs) {
      const loss: number | undefined = logs.loss;
      // @ts-expect-error -- it may be undefined
      const sure: number = logs.loss;
      assertEquals(loss, sure);
    },
  };
  plugin.onEpochEnd!(0, { loss: 1 }, undefined as never);
});

Deno.test("a list takes plugins, bare hooks, tf.js callbacks and falsy entries", () => {
  const typed: Plugin<"loss"> = { name: "typed", onEpochEnd() {} };
  const loose: Plugin = typed; // A plugin that needs less is a plugin.
  const custom: tf.CustomCallbackArgs = { onEpochEnd: async () => {} };
  const instance = undefined as unknown as tf.Callback | undefined;
  const list: PluginList = [typed, loose, custom, instance, [{
    onBatchEnd() {},
  }], false && typed];
  assertEquals(list.length, 6);
});

/** What the compiler says of a file with Deno's default options, as in an app of one's own. */
async function compile(text: string): Promise<string> {
  const dir = await Deno.makeTempDir();
  const plugin = new URL("../../core/plugin.ts", import.meta.url).href;
  try {
    await Deno.writeTextFile(`${dir}/deno.json`, "{}");
    await Deno.writeTextFile(
      `${dir}/app.ts`,
      `import type { Plugin } from "${plugin}";\n${text}`,
    );
    const { stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "app.ts"],
      cwd: dir,
      env: { NO_COLOR: "1" },
    }).output();
    return new TextDecoder().decode(stderr);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("with the compiler's default options too, a key that nobody declared may be missing", async () => {
  const plugin = (type: string, key: string) =>
    `export const plugin: ${type} = {
      name: "p",
      needs: { onEpochEnd: ["val_accuracy"] },
      onEpochEnd(_epoch, logs, run) {
        if (logs.${key} > 0.5) run.stop("enough");
      },
    };`;
  const loose = await compile(plugin("Plugin", "val_acuracy"));
  assertEquals(
    loose.includes("'logs.val_acuracy' is possibly 'undefined'"),
    true,
  );
  const strict = await compile(plugin('Plugin<"val_accuracy">', "val_acuracy"));
  assertEquals(strict.includes("Property 'val_acuracy' does not exist"), true);
  const right = await compile(plugin('Plugin<"val_accuracy">', "val_accuracy"));
  assertEquals(right.includes("ERROR"), false);
});
