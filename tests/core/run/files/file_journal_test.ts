import { assertEquals, assertThrows } from "@std/assert";
import { denoDisk } from "../../../../core/disk.ts";
import {
  fileJournal,
  type JournalEntry,
} from "../../../../core/run/files/file_journal.ts";

const entries: JournalEntry[] = [
  { file: { path: "a", kept: "ab-1", length: 3 }, after: 1 },
  { folder: "d", after: 1 },
  { save: "best" },
  { saved: "best" },
];

Deno.test("a journal is read back in order, by another process too; a torn line is passed over", () => {
  const path = `${Deno.makeTempDirSync()}/backup/written`;
  const journal = fileJournal(path, denoDisk);
  assertEquals(journal.read(), []);
  journal.add(...entries.slice(0, 2));
  Deno.writeTextFileSync(path, '{"file":{"pa', { append: true });
  fileJournal(path, denoDisk).add(...entries.slice(2));
  assertEquals(journal.read(), entries);
  journal.clear();
  assertEquals(journal.read(), []);
});

Deno.test("a journal that cannot be read is not taken for an empty one", () => {
  const journal = fileJournal(Deno.makeTempDirSync(), denoDisk);
  assertThrows(() => journal.read(), Error, "directory");
});
