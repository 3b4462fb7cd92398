/**
 * The files of a new package for JSR: a plugin with options, its test and what
 * `deno publish` asks for.
 *
 * @module
 */
import type { NewFile } from "./new.ts";
import { camelCase } from "./new_plugin.ts";

/**
 * A package that `deno publish --dry-run` accepts as it is.
 *
 * @param name Name of the plugin, in kebab-case.
 * @param scope Scope on JSR, without the `@`.
 */
export async function packageFiles(
  name: string,
  scope: string,
): Promise<NewFile[]> {
  const folder = `hookloop-${name}`;
  const { default: own } = await import("../../deno.json", {
    with: { type: "json" },
  });
  const files: Record<string, string> = {
    "deno.json": configText(name, scope, own.version, await localLinks()),
    "mod.ts": moduleText(name, scope),
    "mod_test.ts": testText(name),
    "README.md": readmeText(name, scope),
    "LICENSE": licenseText(new Date().getFullYear()),
  };
  return Object.entries(files).map(([file, text]) => ({
    path: `${folder}/${file}`,
    text,
  }));
}

/** Inside of a checkout of hookloop, the package is developed against it. */
async function localLinks(): Promise<string[]> {
  try {
    const config = JSON.parse(await Deno.readTextFile("deno.json"));
    if (config.name !== "@hookloop/hookloop") return [];
    return [
      "..",
      ...config.links.map((link: string) => `../${link.replace(/^\.\//, "")}`),
    ];
  } catch {
    return []; // No checkout of hookloop here.
  }
}

function configText(
  name: string,
  scope: string,
  version: string,
  links: readonly string[],
): string {
  const config = {
    name: `@${scope}/hookloop-${name}`,
    version: "0.1.0",
    license: "MIT",
    exports: "./mod.ts",
    imports: {
      "@hookloop/hookloop": `jsr:@hookloop/hookloop@^${version}`,
      "@std/assert": "jsr:@std/assert@^1.0.0",
    },
    ...links.length ? { links } : {},
    publish: { include: ["mod.ts", "README.md", "LICENSE", "deno.json"] },
    tasks: {
      ok:
        "deno fmt --check && deno lint && deno test && deno publish --dry-run",
    },
  };
  // Short lists on one line, as deno fmt writes them.
  const text = JSON.stringify(config, null, 2)
    .replace(
      /\[\s+([^\]]+?)\s+\]/g,
      (_, items: string) => `[${items.replace(/\s*\n\s*/g, " ")}]`,
    );
  return `${text}\n`;
}

function moduleText(name: string, scope: string): string {
  const factory = camelCase(name);
  const options = `${factory[0]!.toUpperCase()}${factory.slice(1)}Options`;
  return `/**
 * Prints the loss of every few epochs.
 *
 * @example
 * \`\`\`ts
 * import { fakeRun } from "@hookloop/hookloop/testing";
 * import ${factory} from "@${scope}/hookloop-${name}";
 *
 * const { fire, lines } = fakeRun(${factory}({ every: 2 }));
 * await fire("onEpochEnd", 1, { loss: 0.5 });
 * console.log(lines); // [ "epoch 2: loss 0.5" ]
 * \`\`\`
 *
 * @module
 */
import type { Plugin } from "@hookloop/hookloop";

/** Options of {@linkcode ${factory}}. */
export interface ${options} {
  /** Print every so many epochs. Default 1. */
  readonly every?: number;
}

/** The options at their default values. */
export const defaults: Required<${options}> = { every: 1 };

/**
 * Print the loss of every few epochs.
 *
 * @param options How often.
 * @throws {RangeError} If \`every\` is not an integer >= 1.
 */
export default function ${factory}(
  options: ${options} = {},
): Plugin<"loss"> {
  const { every } = { ...defaults, ...options };
  if (!Number.isInteger(every) || every < 1) {
    throw new RangeError(
      \`Cannot create ${name} as 'every' must be an integer >= 1: current value is \${every}\`,
    );
  }
  return {
    name: "${name}",
    needs: { onEpochEnd: ["loss"] },
    onEpochEnd(epoch, logs, run) {
      if ((epoch + 1) % every !== 0) return;
      run.print(\`epoch \${epoch + 1}: loss \${logs.loss}\`);
    },
  };
}
`;
}

function testText(name: string): string {
  const factory = camelCase(name);
  return `import { assertEquals } from "@std/assert";
import { fakeRun } from "@hookloop/hookloop/testing";
import ${factory} from "./mod.ts";

Deno.test("${factory}() prints every few epochs", async () => {
  const { fire, lines } = fakeRun(${factory}({ every: 2 }));
  await fire("onEpochEnd", 0, { loss: 1 });
  await fire("onEpochEnd", 1, { loss: 0.5 });
  assertEquals(lines, ["epoch 2: loss 0.5"]);
});
`;
}

function readmeText(name: string, scope: string): string {
  return `# hookloop-${name}

A plugin for [hookloop](https://jsr.io/@hookloop/hookloop).

Add it with a file of your own in \`plugins/\`:

\`\`\`ts
export * from "jsr:@${scope}/hookloop-${name}@^0.1";
export { default } from "jsr:@${scope}/hookloop-${name}@^0.1";
\`\`\`

Then \`deno task train --use ${name}:every=2\`.
`;
}

function licenseText(year: number): string {
  return `MIT License

Copyright (c) ${year} the authors

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
`;
}
