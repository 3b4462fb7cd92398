/**
 * A run in a process of its own.
 *
 * @module
 */
import { DIED } from "./bomb.ts";
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

/** When a process is killed from outside. */
export interface Killed {
  /** After so many milliseconds. */
  readonly after: number;
  /** By which signal. Default the one that nobody can handle. */
  readonly signal?: Deno.Signal | undefined;
}

const ROOT = new URL("../..", import.meta.url).pathname;

/**
 * Run a task to its end.
 *
 * @param killed When the process is killed. Default: it is not.
 */
export function runTask(task: Task, killed?: Killed): Promise<Ended> {
  return spawnedToEnd([
    ...["run", "--cached-only", "--no-prompt", "--no-check"],
    `--allow-read=${ROOT},${task.dir}`,
    `--allow-write=${task.dir}`,
    "--allow-sys=cpus",
    "--allow-run", // It may kill itself.
    `${ROOT}tests/torture/experiments.ts`,
    JSON.stringify(task),
  ], { killed });
}

/**
 * Run Deno until it ends, or is killed: after some time, or where it says that
 * it cannot do so itself.
 */
export async function spawnedToEnd(
  args: string[],
  { cwd = ROOT, killed }: {
    readonly cwd?: string | undefined;
    readonly killed?: Killed | undefined;
  },
): Promise<Ended> {
  const start = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    ...{ args, cwd },
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const kill = (signal: Deno.Signal = "SIGKILL") => {
    try {
      child.kill(signal);
    } catch {
      // It has just ended by itself.
    }
  };
  const timer = killed &&
    setTimeout(() => kill(killed.signal), killed.after);
  const err = new Response(child.stderr).text();
  let out = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    out += text;
    if (out.includes(DIED)) kill();
  }
  const { code, signal } = await child.status;
  clearTimeout(timer);
  return {
    code: signal ? undefined : code,
    out,
    err: await err,
    took: performance.now() - start,
  };
}
