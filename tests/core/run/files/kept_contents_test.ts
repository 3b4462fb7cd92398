import { assertEquals } from "@std/assert";
import { denoDisk } from "../../../../core/disk.ts";
import { keptContents } from "../../../../core/run/files/kept_contents.ts";

/** A folder with these files. */
function store(...names: string[]): string {
  const dir = Deno.makeTempDirSync();
  for (const name of names) Deno.writeTextFileSync(`${dir}/${name}`, name);
  return dir;
}

function names(dir: string): string[] {
  return [...Deno.readDirSync(dir)].map(({ name }) => name).sort();
}

Deno.test("a content is found by its name: where it is kept twice, the one that is needed longer", () => {
  const dir = store(
    ...["ab-1.2", "ab-1.10", "ab-1.3", "cd-1.9", "cd-1.11", "cd-1.1"],
    ...["ef-1.5", "undefined", "ab-2.x", "notes.txt"],
  );
  const { pathOf } = keptContents(dir, denoDisk);
  assertEquals(["ab-1", "cd-1", "ef-1", "ab-2", "undefined"].map(pathOf), [
    ...[`${dir}/ab-1.10`, `${dir}/cd-1.11`, `${dir}/ef-1.5`],
    ...[undefined, undefined],
  ]);
});

Deno.test("what no mark needs any more is removed, and what a killed process was copying; the rest is somebody else's", () => {
  const dir = store(
    ...["ab-1.2", "ab-2.3", "ab-3.4", "notes.txt", "notes.part"],
    "ab-4.4.0123abcd.part",
  );
  keptContents(dir, denoDisk).forget(3);
  assertEquals(names(dir), ["ab-2.3", "ab-3.4", "notes.part", "notes.txt"]);
  keptContents(dir, denoDisk).forget(Infinity);
  assertEquals(names(dir), ["notes.part", "notes.txt"]);
});

Deno.test("where nothing was kept, there is nothing to find or to remove", () => {
  const contents = keptContents(`${store()}/none`, denoDisk);
  assertEquals(contents.pathOf("ab-1"), undefined);
  contents.forget(Infinity);
});
