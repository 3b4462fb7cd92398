/**
 * A mutant on trial: a copy of the tree with the mutant in it, and the tests.
 *
 * @module
 */
import { filesAt } from "./files_at.ts";
import { type Mutant, mutated } from "./mutants.ts";

/** A copy of the tree, for one mutant at a time. */
export interface Trial {
  /** Whether the tests notice a mutant; taking longer than so many milliseconds is noticed. */
  kills(mutant: Mutant, limit: number): Promise<boolean>;
  /** What the tests print where they fail without a mutant; undefined if they pass. */
  problem(): Promise<string | undefined>;
  /** Remove the copy. */
  close(): void;
}

/** What the tests need of the tree. */
const COPIED = ["deno.json", "deno.lock", "mod.ts", "core", "plugins", "links"];

/** The tests that a mutant meets, where no others are named. They start at once, for none loads tf.js. */
export const SUITE: readonly string[] = [
  "tests/core/contract",
  "tests/core/run",
  "tests/core/loop",
  "tests/core/testing_test.ts",
];

/** A trial by the tests at these paths, in their order, on a copy of the tree in `root` in a temporary folder. */
export function trialIn(root: string, tests: readonly string[]): Trial {
  const dir = Deno.makeTempDirSync({ prefix: "mutants-" });
  for (const path of [...COPIED, "tests"]) copy(root + path, `${dir}/${path}`);
  Deno.mkdirSync(`${dir}/tmp`);
  const suite = tests.flatMap((path) => filesAt(`${dir}/`, path))
    .filter((path) => path.endsWith("_test.ts"));

  /** Modules are loaded once where one file imports all tests. */
  function test(
    paths: readonly string[],
    limit?: number,
  ): Promise<Deno.CommandOutput> {
    Deno.writeTextFileSync(
      `${dir}/all_test.ts`,
      paths.map((path) => `import "./${path}";\n`).join(""),
    );
    return new Deno.Command(Deno.execPath(), {
      args: [
        ...["test", "--quiet", "--no-check", "--no-prompt", "--fail-fast"],
        ...["--allow-read", "--allow-env", "--allow-sys=cpus"],
        "--allow-net=127.0.0.1,localhost",
        `--allow-run=mkfifo,ln,${Deno.execPath()}`,
        // A mutant writes nowhere else.
        `--allow-write=${dir}`,
        "all_test.ts",
      ],
      cwd: dir,
      env: { TMPDIR: `${dir}/tmp` },
      ...limit && { signal: AbortSignal.timeout(limit) },
    }).output();
  }

  return {
    async kills(mutant, limit) {
      const path = `${dir}/${mutant.file}`;
      const source = Deno.readTextFileSync(path);
      Deno.writeTextFileSync(path, mutated(source, mutant));
      try {
        // Most mutants die in the test file that mirrors theirs.
        const [near, others] = [true, false].map((is) =>
          suite.filter((path) => is === (path === testOf(mutant.file)))
        );
        for (const paths of [near!, others!]) {
          if (!paths.length) continue;
          const { success } = await test(paths, limit);
          if (!success) return true;
        }
        return false;
      } finally {
        Deno.writeTextFileSync(path, source);
      }
    },
    async problem() {
      const { success, stdout, stderr } = await test(suite);
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      return success ? undefined : text(stdout) + text(stderr);
    },
    close: () => Deno.removeSync(dir, { recursive: true }),
  };
}

/** The test file that mirrors a source file. */
function testOf(file: string): string {
  return `tests/${file.replace(/\.ts$/, "_test.ts")}`;
}

function copy(from: string, to: string): void {
  if (Deno.statSync(from).isFile) return Deno.copyFileSync(from, to);
  Deno.mkdirSync(to);
  for (const { name } of Deno.readDirSync(from)) {
    if (name !== "node_modules") copy(`${from}/${name}`, `${to}/${name}`);
  }
}
