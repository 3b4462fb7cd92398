/**
 * What tools with flags alone have in common, such as `deno task fuzz`: help,
 * and a mistake in one sentence.
 *
 * @module
 */
import {
  type Flag,
  flagsHelp,
  type Given,
  readFlags,
} from "../core/cli/flags.ts";
import { InputError } from "../core/errors.ts";
import { terminal } from "../core/terminal.ts";

/**
 * Run a tool and end the process: with the exit code that it gives, with 2 after
 * a mistake in what it was given.
 *
 * @param name Its task.
 * @param flags What it takes; `--help` among them.
 * @param work What it does with what it is given.
 */
export async function runTool(
  name: string,
  flags: readonly Flag[],
  work: (flags: Given["flags"]) => Promise<number>,
): Promise<never> {
  const screen = terminal();
  try {
    const given = readFlags(Deno.args, flags);
    if (given.flags.help) {
      screen.print(flagsHelp(flags));
      Deno.exit(0);
    }
    if (given.words.length) {
      throw new InputError(
        `Cannot use "${
          given.words[0]
        }": ${name} takes flags alone, --help lists them`,
      );
    }
    Deno.exit(await work(given.flags));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    screen.print(error.message);
    Deno.exit(2);
  }
}
