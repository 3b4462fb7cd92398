/**
 * Start-up: `--help`, and `plugins` on folders of many files.
 *
 * @module
 */
import { median } from "./measure.ts";

const MAIN = new URL("../../core/cli/main.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

/**
 * Milliseconds from the start of a process to its end; the median of three.
 *
 * @param args Arguments of the command line.
 * @param cwd Working directory.
 */
export async function startup(
  args: readonly string[],
  cwd: string,
): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        "--allow-read",
        `--config=${CONFIG}`,
        MAIN,
        ...args,
      ],
      cwd,
      stdout: "null",
      stderr: "null",
    }).output();
    if (!success) throw new Error(`${args.join(" ")} failed`);
    times.push(performance.now() - start);
  }
  return median(times);
}

/**
 * A folder with that many plugin files.
 *
 * @param count How many.
 */
export function manyPlugins(count: number): string {
  const dir = Deno.makeTempDirSync();
  Deno.mkdirSync(`${dir}/plugins`);
  for (let i = 0; i < count; i++) {
    const text =
      `export default { name: "plugin-${i}", needs: { onEpochEnd: ["loss"] }, onEpochEnd() {} };\n`;
    Deno.writeTextFileSync(`${dir}/plugins/plugin_${i}.ts`, text);
  }
  return dir;
}
