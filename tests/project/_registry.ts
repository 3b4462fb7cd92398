/**
 * A JSR registry on this machine that holds the packages of this checkout, so
 * that a project can use them as if they were published.
 *
 * @module
 */
import { ROOT } from "./_checkout.ts";

/** The packages: this one, the kernels, and those that stand in for JSR's own. */
const FOLDERS = [
  ".",
  "core/wasm",
  "links/assert",
  "links/cli",
  "links/csv",
];

/** What of a package's `deno.json` counts here. */
interface Config {
  readonly name: string;
  readonly version: string;
  readonly exports: string | Readonly<Record<string, string>>;
  readonly imports?: Readonly<Record<string, string>>;
  readonly publish?: { readonly include?: readonly string[] };
}

/** A package: its path on the server -> the bytes there. */
type Served = ReadonlyMap<string, Uint8Array>;

/** A registry that runs. */
export interface Registry extends AsyncDisposable {
  /** Its address, for `JSR_URL`. */
  readonly url: string;
}

/** Start the registry. */
export async function registry(): Promise<Registry> {
  const configs = FOLDERS.map(readConfig);
  const parts = await Promise.all(
    FOLDERS.map((folder, i) => served(folder, configs[i]!, importsOf(configs))),
  );
  const files: Served = new Map(parts.flatMap((part) => [...part]));
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request) => {
      const bytes = files.get(new URL(request.url).pathname);
      if (!bytes) return new Response("not found", { status: 404 });
      return new Response(bytes as BodyInit, {
        headers: { "content-type": typeOf(request.url) },
      });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function readConfig(folder: string): Config {
  return JSON.parse(Deno.readTextFileSync(`${ROOT}${folder}/deno.json`));
}

/** What stands for each bare specifier, as `deno publish` writes it. */
function importsOf(configs: readonly Config[]): ReadonlyMap<string, string> {
  const jsr = configs.map(({ name, version }) =>
    [name, `jsr:${name}@^${version}`] as const
  );
  return new Map([...Object.entries(configs[0]!.imports ?? {}), ...jsr]);
}

async function served(
  folder: string,
  { name, version, exports, publish }: Config,
  imports: ReadonlyMap<string, string>,
): Promise<Served> {
  const base = `/${name}/${version}`;
  const files = new Map<string, Uint8Array>();
  const manifest: Record<string, { size: number; checksum: string }> = {};
  for (const path of publish?.include ?? ["."]) {
    for (const file of filesAt(`${ROOT}${folder}`, path)) {
      const source = await Deno.readFile(`${ROOT}${folder}/${file}`);
      const bytes = /\.m?[tj]s$/.test(file) ? written(source, imports) : source;
      files.set(`${base}/${file}`, bytes);
      manifest[`/${file}`] = {
        size: bytes.length,
        checksum: `sha256-${await digest(bytes)}`,
      };
    }
  }
  const table = typeof exports === "string" ? { ".": exports } : exports;
  files.set(`${base}_meta.json`, json({ manifest, exports: table }));
  files.set(
    `/${name}/meta.json`,
    json({ name, latest: version, versions: { [version]: {} } }),
  );
  return files;
}

function filesAt(root: string, path: string): string[] {
  if (Deno.statSync(`${root}/${path}`).isFile) return [path];
  return [...Deno.readDirSync(`${root}/${path}`)].flatMap(({ name }) =>
    filesAt(root, path === "." ? name : `${path}/${name}`)
  );
}

/** Published sources name whole packages, without an import map. */
function written(
  source: Uint8Array,
  imports: ReadonlyMap<string, string>,
): Uint8Array {
  const text = new TextDecoder().decode(source).replaceAll(
    /(from\s+|import\s+|import\(\s*|import\.meta\.resolve\(\s*)"(@[\w-]+\/[\w-]+|[\w-]+)((?:\/[^"]*)?)"/g,
    (all, before: string, name: string, path: string) => {
      const whole = imports.get(name);
      return whole ? `${before}"${whole}${path}"` : all;
    },
  );
  return new TextEncoder().encode(text);
}

async function digest(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", bytes as BufferSource);
  return new Uint8Array(hash).toHex();
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function typeOf(url: string): string {
  return url.endsWith(".json") ? "application/json" : "application/typescript";
}
