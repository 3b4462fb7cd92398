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
