import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { download } from "../../../core/data/download.ts";
import { InputError } from "../../../core/errors.ts";

const TEXT = "some bytes";
const SHA256 = new Uint8Array(
  await crypto.subtle.digest("SHA-256", new TextEncoder().encode(TEXT)),
).toHex();

/** A local server that counts its requests. */
async function withServer(
  body: (url: string, asked: string[]) => Promise<void>,
  status = 200,
): Promise<void> {
  const asked: string[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request) => {
      asked.push(new URL(request.url).pathname);
      return new Response(TEXT, { status });
    },
  );
  try {
    await body(`http://127.0.0.1:${server.addr.port}`, asked);
  } finally {
    await server.shutdown();
  }
}

Deno.test("download() fetches once, with progress, and keeps the file", async () => {
  const dir = `${await Deno.makeTempDir()}/new`;
  await withServer(async (url, asked) => {
    const files = [{ name: "a.gz", url: `${url}/a.gz`, sha256: SHA256 }];
    const lines: string[] = [];
    await download(files, dir, { onProgress: (line) => void lines.push(line) });
    await download(files, dir);
    assertEquals(asked, ["/a.gz"]);
    assertEquals(await Deno.readTextFile(`${dir}/a.gz`), TEXT);
    assertStringIncludes(lines[0]!, "downloading a.gz");
    assertEquals([...Deno.readDirSync(dir)].map(({ name }) => name), ["a.gz"]);
  });
});

Deno.test("a file put there by hand is not fetched, but it has to be the file", async () => {
  const dir = await Deno.makeTempDir();
  const url = "http://127.0.0.1:1/a.gz";
  const files = [{ name: "a.gz", url, sha256: SHA256 }];
  await Deno.writeTextFile(`${dir}/a.gz`, TEXT);
  await download(files, dir);

  await Deno.writeTextFile(`${dir}/a.gz`, "planted");
  const planted = await assertRejects(() => download(files, dir), InputError);
  const sum = new Uint8Array(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode("planted")),
  ).toHex();
  assertEquals(
    planted.message,
    `Cannot use ${dir}/a.gz: its SHA-256 is ${sum}, expected ${SHA256}: it is not the file that ${url} gives; remove it and it is downloaded, or use the folder as it is with --data ${dir}`,
  );
});

Deno.test("an unpacked file cannot be checked, so it is refused by name", async () => {
  const dir = await Deno.makeTempDir();
  const url = "http://127.0.0.1:1/a.gz";
  await Deno.writeTextFile(`${dir}/a`, TEXT);
  const error = await assertRejects(
    () => download([{ name: "a.gz", url, sha256: SHA256 }], dir),
    InputError,
  );
  assertEquals(
    error.message,
    `Cannot use ${dir}/a: only the packed file, a.gz, can be checked; put that in its place, or use the folder as it is with --data ${dir}`,
  );
});

Deno.test("a wrong checksum is rejected and leaves nothing behind", async () => {
  const dir = await Deno.makeTempDir();
  await withServer(async (url) => {
    const error = await assertRejects(
      () => download([{ name: "a.gz", url: `${url}/a.gz`, sha256: "00" }], dir),
      InputError,
    );
    assertEquals(
      error.message,
      `Cannot use ${url}/a.gz: its SHA-256 is ${SHA256}, expected 00; try again, or put a.gz into ${dir} by hand`,
    );
  });
  assertEquals([...Deno.readDirSync(dir)], []);
});

Deno.test("without a network, the message says where to put the file", async () => {
  const fetch = () => Promise.reject(new TypeError("no route to host"));
  const error = await assertRejects(
    () =>
      download(
        [{ name: "a.gz", url: "https://example.com/a.gz", sha256: SHA256 }],
        "data/set",
        { fetch },
      ),
    InputError,
  );
  assertEquals(
    error.message,
    "Cannot download https://example.com/a.gz: no route to host\n    Without a network, put a.gz into data/set by hand",
  );
});

Deno.test("a response that is not a file is rejected", async () => {
  const dir = await Deno.makeTempDir();
  await withServer(async (url) => {
    const error = await assertRejects(
      () =>
        download([{ name: "a.gz", url: `${url}/a.gz`, sha256: SHA256 }], dir),
      InputError,
    );
    assertStringIncludes(error.message, "the server answered 404");
  }, 404);
});

Deno.test("a folder that cannot be written to is reported with the reason", async () => {
  const file = await Deno.makeTempFile();
  await withServer(async (url) => {
    const error = await assertRejects(
      () =>
        download(
          [{ name: "a.gz", url: `${url}/a.gz`, sha256: SHA256 }],
          `${file}/set`,
        ),
      InputError,
    );
    assertEquals(
      error.message,
      `Cannot keep ${file}/set/a.gz: a file is in the place of a folder`,
    );
  });
});
