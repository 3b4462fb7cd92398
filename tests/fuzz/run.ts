/**
 * `deno task fuzz [--seed N] [--count N] [--target NAME [--index N]]`: inputs
 * that nobody expects, each of which must work or be refused in words. Prints
 * what came of them, and each failure with the command that replays it.
 *
 * @module
 */
import { InputError } from "../../core/errors.ts";
import { type Given, HELP_FLAG } from "../../core/cli/flags.ts";
import { terminal } from "../../core/terminal.ts";
import { runTool } from "../_tool.ts";
import { fuzz, type Report, sharesOf, TARGETS, tryOne } from "./fuzz.ts";

const screen = terminal();

const FLAGS = [
  { name: "seed", kind: "count", value: "N", help: "seed of the inputs" },
  { name: "count", kind: "count", value: "N", help: "how many inputs" },
  { name: "target", kind: "text", value: "NAME", help: "only of one kind" },
  { name: "index", kind: "count", value: "N", help: "only one input" },
  HELP_FLAG,
] as const;

async function main(flags: Given["flags"]): Promise<number> {
  const seed = flags.seed as number ?? Date.now() % 1e6;
  const count = flags.count as number ?? 17_000;
  const targets = TARGETS.filter(({ name }) =>
    flags.target === undefined || name === flags.target
  );
  if (!targets.length) {
    throw new InputError(
      `There is no target "${flags.target}"; there are ${
        TARGETS.map(({ name }) => name).join(", ")
      }`,
    );
  }
  if (flags.index !== undefined) {
    const { verdict, input } = await tryOne(
      targets[0]!,
      seed,
      flags.index as number,
    );
    screen.print(`${input()}\n-> ${verdict.kind}  ${verdict.wrong ?? ""}`);
    return verdict.wrong === undefined ? 0 : 1;
  }
  screen.print(`seed ${seed}`);
  const report = await fuzz(sharesOf(count, targets), seed, (done, wrong) => {
    screen.status(`${done}/${count}  ${wrong} wrong`);
  });
  screen.status("");
  for (const line of [...failures(report, seed), ...table(report)]) {
    screen.print(line);
  }
  return report.findings.length ? 1 : 0;
}

function failures({ findings }: Report, seed: number): string[] {
  return findings.flatMap(({ target, index, input, wrong }) => [
    `deno task fuzz --seed ${seed} --target ${target} --index ${index}`,
    `  ${input}`,
    `  ${wrong.split("\n").slice(0, 6).join("\n  ")}`,
  ]);
}

function table({ counts, findings }: Report): string[] {
  const wrong = Map.groupBy(findings, ({ target }) => target);
  return [...counts].map(([target, kinds]) =>
    `${target.padEnd(16)}${
      Object.entries(kinds).sort().map(([kind, n]) => `${kind} ${n}`).join(", ")
    }${wrong.has(target) ? `; ${wrong.get(target)!.length} WRONG` : ""}`
  );
}

if (import.meta.main) await runTool("fuzz", FLAGS, main);
