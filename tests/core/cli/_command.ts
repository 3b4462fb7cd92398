/**
 * The command line as a user runs it, in a separate process.
 *
 * @module
 */

/** What a command left behind. */
export interface Result {
  /** Exit code. */
  readonly code: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error, without the output of graphics drivers. */
  readonly err: string;
}

const MAIN = new URL("../../../core/cli/main.ts", import.meta.url).pathname;
const CONFIG = new URL("../../../deno.json", import.meta.url).pathname;

/** Settings of {@linkcode hookloop}. */
export interface CommandOptions {
  /** Working directory. */
  readonly cwd: string;
  /** Permissions. Default: those of the tasks, with write access to `cwd`. */
  readonly permissions?: readonly string[];
  /** What {@linkcode interrupted} sends. Default that of Ctrl-C. */
  readonly signal?: Deno.Signal;
  /** Configuration of Deno. Default: this package's. */
  readonly config?: string;
}

/**
 * Run the command line.
 *
 * @param args Its arguments.
 * @param options Working directory and permissions.
 */
export async function hookloop(
  args: readonly string[],
  options: CommandOptions,
): Promise<Result> {
  const { code, stdout, stderr } = await commandOf(args, options).output();
  return result(code, stdout, stderr);
}

/** Nobody presses Ctrl-C twice in less, in milliseconds. */
const PRESS = 500;

/**
 * Run the command line, and press Ctrl-C, or send another signal, each time it
 * has printed something.
 *
 * @param args Its arguments.
 * @param options Working directory and permissions.
 * @param said What it has to print, in turn.
 */
export async function interrupted(
  args: readonly string[],
  options: CommandOptions,
  ...said: readonly string[]
): Promise<Result> {
  const child = commandOf(args, options).spawn();
  const stderr = new Response(child.stderr).bytes();
  const decoder = new TextDecoder();
  let out = "";
  let pressed = 0;
  for await (const bytes of child.stdout) {
    out += decoder.decode(bytes, { stream: true });
    if (pressed === said.length || !out.includes(said[pressed]!)) continue;
    if (pressed > 0) await new Promise((go) => setTimeout(go, PRESS));
    child.kill(options.signal ?? "SIGINT");
    pressed++;
  }
  const { code } = await child.status;
  return result(code, new TextEncoder().encode(out), await stderr);
}

/**
 * Run the command line within a line of the shell.
 *
 * @param line The line, in which `"$@"` stands for the command.
 * @param args Its arguments.
 * @param options Working directory and permissions.
 */
export async function inShell(
  line: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<Result> {
  const words = [Deno.execPath(), ...wordsOf(args, options)];
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", line, "sh", ...words],
    ...settings(options),
  }).output();
  return result(code, stdout, stderr);
}

/** The command line as a process that runs. */
export function spawned(
  args: readonly string[],
  options: CommandOptions,
): Deno.ChildProcess {
  return commandOf(args, options).spawn();
}

/** Wait until a process has printed something; what it prints from then on is lost. */
export async function printed(
  child: Deno.ChildProcess,
  said: string,
): Promise<void> {
  const decoder = new TextDecoder();
  let out = "";
  for await (const bytes of child.stdout) {
    out += decoder.decode(bytes, { stream: true });
    if (out.includes(said)) return;
  }
}

function commandOf(
  args: readonly string[],
  options: CommandOptions,
): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: wordsOf(args, options),
    ...settings(options),
  });
}

function wordsOf(
  args: readonly string[],
  {
    permissions = ["--allow-read", "--allow-write=."],
    config = CONFIG,
  }: CommandOptions,
): string[] {
  return [
    "run",
    "--no-prompt",
    "--no-check",
    `--config=${config}`,
    ...permissions,
    MAIN,
    ...args,
  ];
}

function settings({ cwd }: CommandOptions) {
  return {
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  } as const;
}

function result(code: number, out: Uint8Array, err: Uint8Array): Result {
  const text = new TextDecoder();
  return {
    code,
    out: text.decode(out),
    err: text.decode(err).replaceAll(/^.*XDG_RUNTIME_DIR.*\n/gm, ""),
  };
}

/**
 * A folder with files in it.
 *
 * @param files Path -> text.
 */
export async function folder(
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const dir = await Deno.makeTempDir();
  for (const [path, text] of Object.entries(files)) {
    const parent = `${dir}/${path}`.replace(/\/[^/]*$/, "");
    await Deno.mkdir(parent, { recursive: true });
    await Deno.writeTextFile(`${dir}/${path}`, text);
  }
  return dir;
}

/** An experiment that trains briefly on the cpu. */
export const TINY = `
import * as tf from "npm:@tensorflow/tfjs@4.22.0";
export default {
  name: "tiny",
  options: { epochs: 2, batchSize: 2 },
  data: () => ({
    train: { x: [[0], [1], [2], [3]], y: [0, 2, 4, 6] },
    validation: { x: [[4]], y: [8] },
  }),
  model({ seed }) {
    const kernelInitializer = tf.initializers.glorotUniform({ seed });
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer })],
    });
    model.compile({ optimizer: tf.train.sgd(0.01), loss: "meanSquaredError", metrics: ["mae"] });
    return model;
  },
};
`;
