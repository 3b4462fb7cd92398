import { assertEquals, assertThrows } from "@std/assert";
import { OptionError, pathProblem } from "../../core/plugin.ts";
import confusionMatrix from "../../plugins/confusion_matrix.ts";
import csvLogger from "../../plugins/csv_logger.ts";
import lrFinder from "../../plugins/lr_finder.ts";

const OUT = `leads out of the run's folder with ".."`;
const NONE = "names no file in the run's folder";
const WINDOWS = "is a path of Windows, which this system is not";

Deno.test("a path of a run's file stays in its folder, or is absolute", () => {
  for (
    const path of [
      "log.csv",
      "a/b/c",
      "./a",
      "..a",
      "a..",
      "...",
      "a b",
      "/tmp/a",
      "nan",
      "~",
    ]
  ) assertEquals(pathProblem(path), undefined, path);
});

Deno.test("what leads out of it, or is the folder itself, is told", () => {
  const cases: Record<string, readonly string[]> = {
    [OUT]: [
      "..",
      "../a",
      "a/..",
      "a/../b",
      "a\\..\\b",
      "/tmp/..",
      "./..",
      "1/..",
    ],
    [NONE]: ["", " ", ".", "./", "/", "//", "./.", "\\"],
    "holds a character that no name may have": ["a\0b"],
  };
  for (const [problem, paths] of Object.entries(cases)) {
    for (const path of paths) assertEquals(pathProblem(path), problem, path);
  }
});

Deno.test({
  name: "a path of Windows is one on Windows only",
  ignore: Deno.build.os === "windows",
  fn() {
    for (const path of ["C:\\a", "c:/a", "\\a", "\\\\host\\share"]) {
      assertEquals(pathProblem(path), WINDOWS, path);
    }
  },
});

Deno.test("plugins that take a path refuse such a one before training", () => {
  const makers: Record<string, () => unknown> = {
    "csv-logger as 'filename'": () => csvLogger({ filename: "../log.csv" }),
    "confusion-matrix as 'filename'": () =>
      confusionMatrix({ filename: "../log.csv" }),
    "lr-finder as 'svg'": () => lrFinder({ svg: "../log.csv" }),
    "lr-finder as 'csv'": () => lrFinder({ csv: "../log.csv" }),
  };
  for (const [what, make] of Object.entries(makers)) {
    assertEquals(
      assertThrows(make, OptionError).message,
      `Cannot create ${what} ${OUT}: current value is "../log.csv"`,
    );
  }
});
