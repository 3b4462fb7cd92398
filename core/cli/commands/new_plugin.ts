/**
 * The files of a new plugin.
 *
 * @module
 */
import type { NewFile } from "./write_new.ts";

/**
 * A plugin and its test.
 *
 * @param name Name of the plugin, in kebab-case.
 */
export function pluginFiles(name: string): NewFile[] {
  const snake = name.replaceAll("-", "_");
  return [
    { path: `plugins/${snake}.ts`, text: pluginText(name) },
    {
      path: `tests/plugins/${snake}_test.ts`,
      text: testText(name, `../../plugins/${snake}.ts`),
    },
  ];
}

function testText(name: string, path: string): string {
  return `import { assertEquals } from "@std/assert";
import { fakeRun } from "@hookloop/hookloop/testing";
import plugin from "${path}";

Deno.test("${name} prints the loss of each epoch", async () => {
  const { fire, lines } = fakeRun(plugin, { metrics: ["loss"] });
  await fire("onEpochEnd", 0, { loss: 0.5 });
  assertEquals(lines, ["epoch 1: loss 0.5"]);
});
`;
}

function pluginText(name: string): string {
  return `/**
 * Prints the loss of each epoch.
 *
 * @module
 */
import type { Plugin } from "@hookloop/hookloop/plugin";

const plugin: Plugin<"loss"> = {
  name: "${name}",
  needs: { onEpochEnd: ["loss"] },
  onEpochEnd(epoch, logs, run) {
    run.print(\`epoch \${epoch + 1}: loss \${logs.loss}\`);
  },
};
export default plugin;
`;
}
