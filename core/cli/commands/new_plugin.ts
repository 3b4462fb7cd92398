/**
 * The files of a new plugin.
 *
 * @module
 */
import type { NewFile } from "./new.ts";

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

/**
 * A name in camelCase.
 *
 * @param name A name in kebab-case.
 */
export function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * The text of a plugin's test.
 *
 * @param name Name of the plugin.
 * @param path Where the test imports it from.
 */
export function testText(name: string, path: string): string {
  return `import { assertEquals } from "@std/assert";
import { fakeRun } from "@hookloop/hookloop/testing";
import plugin from "${path}";

Deno.test("${name} prints the loss of each epoch", async () => {
  const { fire, lines } = fakeRun(plugin);
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
import type { Plugin } from "@hookloop/hookloop";

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
