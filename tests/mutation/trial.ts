/**
 * A mutant on trial: a copy of the tree with the mutant in it, and the tests.
 *
 * @module
 */
import { type Mutant, mutated } from "./mutants.ts";

/** A copy of the tree, for one mutant at a time. */
export interface Trial {
  /** Whether the tests notice a mutant; running out of time is noticed. */
  kills(mutant: Mutant): Promise<boolean>;
  /** Whether the tests pass on the copy as it is. */
  passes(): Promise<boolean>;
  /** Remove the copy. */
  close(): void;
}

/** What the tests need of the tree. */
const COPIED = ["deno.json", "deno.lock", "mod.ts", "core", "plugins", "links"];

/** The tests that every mutant meets. They start at once, for none loads tf.js. */
const SUITE = [
  "tests/core/contract",
  "tests/core/run",
  "tests/core/loop",
  "tests/core/testing_test.ts",
];

/** Milliseconds that tests may take; longer ones hang. */
const LIMIT = 20_000;

/** A trial on a copy of the tree in `root`, in a temporary folder. */
export function trialIn(root: string): Trial {
  const dir = Deno.makeTempDirSync({ prefix: "mutants-" });
  for (const path of [...COPIED, "tests"]) {
    copy(`${root}${path}`, `${dir}/${path}`);
  }
  Deno.mkdirSync(`${dir}/tmp`);

  async function passes(tests: readonly string[]): Promise<boolean> {
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["test", "--quiet", "--no-check", "--no-prompt", "--fail-fast"],
        ...["--allow-read", "--allow-env", "--allow-sys=cpus"],
        // A mutant writes nowhere else.
        `--allow-write=${dir}`,
        ...tests,
      ],
      cwd: dir,
      env: { TMPDIR: `${dir}/tmp` },
      stdout: "null",
      stderr: "null",
      signal: AbortSignal.timeout(LIMIT),
    }).output();
    return success;
  }

  return {
    async kills(mutant) {
      const path = `${dir}/${mutant.file}`;
      const source = Deno.readTextFileSync(path);
      Deno.writeTextFileSync(path, mutated(source, mutant));
      try {
        // Most die by the tests of their own file.
        const own = testOf(mutant.file);
        const near = exists(`${dir}/${own}`) ? [own] : [];
        return near.length > 0 && !await passes(near) || !await passes(SUITE);
      } finally {
        Deno.writeTextFileSync(path, source);
      }
    },
    passes: () => passes(SUITE),
    close: () => Deno.removeSync(dir, { recursive: true }),
  };
}

/** The test file that mirrors a source file. */
function testOf(file: string): string {
  return `tests/${file.replace(/\.ts$/, "_test.ts")}`;
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function copy(from: string, to: string): void {
  if (Deno.statSync(from).isFile) return Deno.copyFileSync(from, to);
  Deno.mkdirSync(to);
  for (const { name } of Deno.readDirSync(from)) {
    if (name !== "node_modules") copy(`${from}/${name}`, `${to}/${name}`);
  }
}
