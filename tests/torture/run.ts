/**
 * `deno task torture [--kills N] [--seed S] [--case N]`: runs are killed and
 * taken up again. Prints each that did not end as an unbroken one, with the
 * command that does it again.
 *
 * @module
 */
import { type Given, HELP_FLAG } from "../../core/cli/flags.ts";
import { terminal } from "../../core/terminal.ts";
import { runTool } from "../_tool.ts";
import { settingOf } from "./setting.ts";
import { caseOf, killOften, torture } from "./torture.ts";

const screen = terminal();

const FLAGS = [
  { name: "kills", kind: "count", value: "N", help: "how many kills" },
  { name: "seed", kind: "count", value: "S", help: "seed of the runs" },
  { name: "case", kind: "count", value: "N", help: "only one run" },
  HELP_FLAG,
] as const;

async function main(flags: Given["flags"]): Promise<number> {
  const kills = flags.kills as number ?? 200;
  const seed = flags.seed as number ?? Date.now() % 1e6;
  if (flags.case !== undefined) return await again(seed, flags.case as number);
  const start = performance.now();
  screen.print(`seed ${seed}`);
  const report = await killOften(kills, seed, ({ kills: done, failures }) => {
    screen.status(`${done}/${kills} kills  ${failures.length} runs differ`);
  });
  screen.status("");
  for (const { index, wrong } of report.failures) {
    screen.print(`deno task torture --seed ${seed} --case ${index}`);
    screen.print(`  ${wrong.replaceAll("\n", "\n  ")}`);
  }
  const seconds = Math.round((performance.now() - start) / 1000);
  screen.print(`${seconds} s`);
  screen.print(
    `${report.kills} kills, ${report.resumed} resumed, ${report.equal} equal`,
  );
  return report.failures.length ? 1 : 0;
}

async function again(seed: number, index: number): Promise<number> {
  const it = caseOf(seed, index);
  screen.print(JSON.stringify(settingOf(seed, it.setting), null, 1));
  screen.print(JSON.stringify(it));
  const { attempt, close } = torture(seed);
  try {
    const { kills, resumed, wrong } = await attempt(index);
    if (wrong !== undefined) screen.print(wrong);
    screen.print(
      `${kills} kills, ${resumed} resumed, ${wrong ? 0 : kills} equal`,
    );
    return wrong === undefined ? 0 : 1;
  } finally {
    close();
  }
}

if (import.meta.main) await runTool("torture", FLAGS, main);
