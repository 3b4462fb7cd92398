/**
 * A mutant on trial: a copy of the tree with the mutant in it, and the tests.
 *
 * @module
 */
import { filesAt } from "./files_at.ts";
import { type Mutant, mutated } from "./mutants.ts";

/** A copy of the tree, for one mutant at a time. */
export interface Trial {
  /** Whether the tests notice a mutant; running out of time is noticed. */
  kills(mutant: Mutant): Promise<boolean>;
  /** What the tests print where they fail without a mutant; undefined if they pass. */
  problem(): Promise<string | undefined>;
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

/** Milliseconds that all tests may take, some twenty times what they need: a mutant may hang. */
const LIMIT = 8_000;

/** A trial on a copy of the tree in `root`, in a temporary folder. */
export function trialIn(root: string): Trial {
  const dir = Deno.makeTempDirSync({ prefix: "mutants-" });
  for (const path of [...COPIED, "tests"]) copy(root + path, `${dir}/${path}`);
  Deno.mkdirSync(`${dir}/tmp`);
  const suite = SUITE.flatMap((path) => filesAt(`${dir}/`, path))
    .filter((path) => path.endsWith("_test.ts"));

  /** Modules are loaded once where one file imports all tests. */
  function test(first: string): Promise<Deno.CommandOutput> {
    const near = suite.toSorted((a, b) =>
      likeness(b, first) - likeness(a, first)
    );
    Deno.writeTextFileSync(
      `${dir}/all_test.ts`,
      near.map((path) => `import "./${path}";\n`).join(""),
    );
    return new Deno.Command(Deno.execPath(), {
      args: [
        ...["test", "--quiet", "--no-check", "--no-prompt", "--fail-fast"],
        ...["--allow-read", "--allow-env", "--allow-sys=cpus"],
        "--allow-run=mkfifo,ln",
        // A mutant writes nowhere else.
        `--allow-write=${dir}`,
        "all_test.ts",
      ],
      cwd: dir,
      env: { TMPDIR: `${dir}/tmp` },
      signal: AbortSignal.timeout(LIMIT),
    }).output();
  }

  return {
    async kills(mutant) {
      const path = `${dir}/${mutant.file}`;
      const source = Deno.readTextFileSync(path);
      Deno.writeTextFileSync(path, mutated(source, mutant));
      try {
        return !(await test(testOf(mutant.file))).success;
      } finally {
        Deno.writeTextFileSync(path, source);
      }
    },
    async problem() {
      const { success, stdout, stderr } = await test("");
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      return success ? undefined : text(stdout) + text(stderr);
    },
    close: () => Deno.removeSync(dir, { recursive: true }),
  };
}

/** The test file that mirrors a source file: most mutants die there. */
function testOf(file: string): string {
  return `tests/${file.replace(/\.ts$/, "_test.ts")}`;
}

/** How far two paths begin alike. */
function likeness(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

function copy(from: string, to: string): void {
  if (Deno.statSync(from).isFile) return Deno.copyFileSync(from, to);
  Deno.mkdirSync(to);
  for (const { name } of Deno.readDirSync(from)) {
    if (name !== "node_modules") copy(`${from}/${name}`, `${to}/${name}`);
  }
}
