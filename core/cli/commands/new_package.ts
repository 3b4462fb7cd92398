/**
 * The files of a new package for JSR: a plugin with options, its test and what
 * `deno publish` requires.
 *
 * @module
 */
import own from "../../../deno.json" with { type: "json" };
import { pathIn } from "../../files.ts";
import { projectConfig } from "../project.ts";
import { licenseText } from "./license_text.ts";
import type { NewFile } from "./write_new.ts";

/**
 * A package that `deno publish --dry-run` accepts as is.
 *
 * @param name Name of the plugin, in kebab-case.
 * @param scope Scope on JSR, without the `@`.
 */
export function packageFiles(name: string, scope: string): NewFile[] {
  const folder = `hookloop-${name}`;
  const files: Record<string, string> = {
    "deno.json": configText(name, scope, own.version, localLinks()),
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

/** Where packages lie on this machine, such as hookloop in its own checkout, the new one is developed against them. */
function localLinks(): string[] {
  const { name, links = [] } = projectConfig();
  return [
    ...name === own.name ? [".."] : [],
    ...links.map((link) => pathIn("..", link.replace(/^\.\//, ""))),
  ];
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
        "deno fmt --check && deno lint && deno test && deno publish --dry-run --allow-dirty",
    },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function moduleText(name: string, scope: string): string {
  return `/**
 * Prints the loss of every few epochs.
 *
 * @example
 * \`\`\`ts
 * import { fakeRun } from "@hookloop/hookloop/testing";
 * import plugin from "@${scope}/hookloop-${name}";
 *
 * const { fire, lines } = fakeRun(plugin({ every: 2 }), { metrics: ["loss"] });
 * await fire("onEpochEnd", 0, { loss: 1 });
 * await fire("onEpochEnd", 1, { loss: 0.5 });
 * console.log(lines); // [ "epoch 2: loss 0.5" ]
 * \`\`\`
 *
 * @module
 */
import { OptionError, type Plugin } from "@hookloop/hookloop/plugin";

/** Options of {@linkcode plugin}. */
export interface Options {
  /** Print every this many epochs. Default 1. */
  readonly every?: number;
}

/** The options with their defaults. */
export const defaults: Required<Options> = { every: 1 };

/** One line of help per option. */
export const help: Record<keyof Options, string> = {
  every: "print every this many epochs",
};

/**
 * Print the loss of every few epochs.
 *
 * @param options How often to print.
 * @throws {OptionError} If \`every\` is not an integer >= 1.
 */
export default function plugin(options: Options = {}): Plugin<"loss"> {
  const { every } = { ...defaults, ...options };
  if (!Number.isInteger(every) || every < 1) {
    throw new OptionError(
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
  return `import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "@hookloop/hookloop/plugin";
import { fakeRun } from "@hookloop/hookloop/testing";
import plugin from "./mod.ts";

Deno.test("${name} prints the loss of every few epochs", async () => {
  const { fire, lines } = fakeRun(plugin({ every: 2 }), { metrics: ["loss"] });
  await fire("onEpochEnd", 0, { loss: 1 });
  await fire("onEpochEnd", 1, { loss: 0.5 });
  assertEquals(lines, ["epoch 2: loss 0.5"]);
});

Deno.test("${name} rejects an option that is out of range", () => {
  assertThrows(() => plugin({ every: 0 }), OptionError, "'every'");
});
`;
}

function readmeText(name: string, scope: string): string {
  return `# hookloop-${name}

A plugin for [hookloop](https://jsr.io/@hookloop/hookloop).

Add it with a file of your own, \`plugins/${name.replaceAll("-", "_")}.ts\`:

\`\`\`ts
export * from "jsr:@${scope}/hookloop-${name}@^0.1";
export { default } from "jsr:@${scope}/hookloop-${name}@^0.1";
\`\`\`

Then \`deno task train --use ${name}:every=2\`.
`;
}
