/**
 * A run in a process of its own.
 *
 * @module
 */
import type { Task } from "./experiments.ts";

/** How a process ended. */
export interface Ended {
  /** Exit code; undefined if it was killed. */
  readonly code: number | undefined;
  /** What it printed, and what it printed of errors. */
  readonly out: string;
  readonly err: string;
  /** Milliseconds that it took. */
  readonly took: number;
}

const ROOT = new URL("../..", import.meta.url).pathname;

/**
 * Run a task to its end.
 *
 * @param killAfter Milliseconds after which the process is killed. Default: it
 * is not.
 */
export async function runTask(task: Task, killAfter?: number): Promise<Ended> {
  const start = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--cached-only", "--no-prompt", "--no-check"],
      `--allow-read=${ROOT},${task.dir}`,
      `--allow-write=${task.dir}`,
      "--allow-sys=cpus",
      "--allow-run", // It may kill itself.
      `${ROOT}tests/torture/experiments.ts`,
      JSON.stringify(task),
    ],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const timer = killAfter === undefined
    ? undefined
    : setTimeout(() => child.kill("SIGKILL"), killAfter);
  const { code, signal, stdout, stderr } = await child.output();
  clearTimeout(timer);
  return {
    code: signal ? undefined : code,
    out: new TextDecoder().decode(stdout),
    err: new TextDecoder().decode(stderr),
    took: performance.now() - start,
  };
}
