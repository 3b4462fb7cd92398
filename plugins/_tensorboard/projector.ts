/**
 * The embeddings of a model as TensorBoard's projector reads them: a table of
 * numbers for each layer and epoch, and `projector_config.pbtxt`, which names
 * the newest and what the rows stand for. Keras writes checkpoints of
 * TensorFlow here, which the projector reads only where TensorFlow is there.
 *
 * @module
 */
import { OptionError, type Run, type WeightEntry } from "../../core/plugin.ts";
import { joined } from "./event_files.ts";
import { checkPath } from "../_paths.ts";
import { shown } from "../_shown.ts";

/** A file that says what the rows stand for: one for all layers, or one each by the layer's name. */
export type Metadata = string | Readonly<Record<string, string>>;

/** Writes the embeddings of a run. */
export interface Projector {
  /**
   * Before the first event: TensorBoard looks for the configuration when it
   * finds a new folder of events, and not again. What will be the first table
   * holds the weights as they are until its epoch is over.
   */
  begin(): Promise<void>;
  /** Write them as they are after an epoch, if it is one of those. */
  endEpoch(epoch: number): Promise<void>;
}

/** Where embeddings are written, how often, and what their rows stand for. */
export interface ProjectorOptions {
  /** Folder of the configuration; the tables are in `train` below it. */
  readonly logDir: string;
  /** Every this many epochs. */
  readonly every: number;
  /** Paths in that folder, or else from the working folder. */
  readonly metadata: Metadata | undefined;
}

/**
 * The projector's files of a run.
 *
 * @param plugin Name of the plugin.
 * @throws {OptionError} If metadata are for no embedding layer of the model.
 */
export function projector(
  plugin: string,
  { logDir, every, metadata }: ProjectorOptions,
  run: Run,
): Projector {
  const embeddings = embeddingsOf(run);
  const files = placeMetadata(plugin, logDir, metadata, embeddings, run);
  const write = (epoch: number) =>
    writeEmbeddings(logDir, epoch, embeddings, files, run);
  return {
    async begin() {
      const first = Math.ceil(run.params.initialEpoch / every) * every;
      if (first < run.params.epochs) await write(first);
    },
    async endEpoch(epoch) {
      if (epoch % every === 0) await write(epoch);
    },
  };
}

/** The weight of an embedding layer. */
interface Embedding {
  /** The name it goes by, unique in its model. */
  readonly name: string;
  /** That name as a part of a file's, unique too. */
  readonly file: string;
  readonly weight: WeightEntry;
}

/**
 * Reject what names no files.
 *
 * @param plugin Name of the plugin.
 * @param value The option `embeddingsMetadata`.
 * @throws {OptionError} If it is neither a path nor paths by name, or one leads out of its folder.
 */
export function readMetadata(
  plugin: string,
  value: unknown,
): Metadata | undefined {
  if (value === undefined || value === null) return undefined;
  const files = typeof value === "string" ? [value] : Object.values(value);
  const isObject = typeof value === "object" && !Array.isArray(value);
  if (
    !(isObject || typeof value === "string") ||
    !files.every((file) => typeof file === "string")
  ) {
    throw new OptionError(
      `Cannot create ${plugin} as 'embeddingsMetadata' must be the path of a file, or an object of layers and their files such as {"words":"words.tsv"}: current value is ${
        shown(value)
      }`,
    );
  }
  for (const file of files) checkPath(plugin, "embeddingsMetadata", file);
  return value as Metadata;
}

/** Those of models within the run's model among them; a run without a `tf.LayersModel` has none. */
function embeddingsOf(run: Run): Embedding[] {
  const layers = new Set(embeddingLayers(run.model));
  const taken = new Set<string>();
  const files = new Set<string>();
  return run.weights.entries().filter(({ layer }) => layers.has(layer))
    .map((weight) => {
      const name = taken.has(weight.layer) ? weight.name : weight.layer;
      taken.add(name);
      const file = fileName(name, files);
      return { name, file, weight };
    });
}

function embeddingLayers(model: unknown): string[] {
  const { layers } = (model ?? {}) as { layers?: unknown };
  if (!Array.isArray(layers)) return [];
  return layers.flatMap((layer: Layer) =>
    layer.getClassName?.() === "Embedding"
      ? [layer.name]
      : embeddingLayers(layer)
  );
}

interface Layer {
  readonly name: string;
  getClassName?(): string;
}

/**
 * The files that say what the rows stand for, by embedding, as paths in `logDir`:
 * those from elsewhere are copied, as TensorBoard reads nothing outside of its
 * folder. One that is not there is named all the same, as Keras does, and a line
 * says so.
 */
function placeMetadata(
  plugin: string,
  logDir: string,
  metadata: Metadata | undefined,
  embeddings: readonly Embedding[],
  run: Run,
): Map<string, string> {
  if (typeof metadata === "object") checkLayers(plugin, metadata, embeddings);
  const files = new Map<string, string>();
  for (const { name, file: part, weight: { layer, shape } } of embeddings) {
    const file = typeof metadata === "object" ? metadata[layer] : metadata;
    if (file === undefined) continue;
    const { path, text } = place(file, part, logDir, run);
    const problem = problemWith(text, shape[0]!);
    if (problem) {
      run.print(
        `${plugin}: ${file}, the metadata of layer "${layer}", ${problem}`,
      );
    }
    files.set(name, path);
  }
  return files;
}

function checkLayers(
  plugin: string,
  metadata: Readonly<Record<string, string>>,
  embeddings: readonly Embedding[],
): void {
  const known = new Set(embeddings.map(({ weight }) => weight.layer));
  const unknown = Object.keys(metadata).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new OptionError(
    `Cannot use ${plugin} as 'embeddingsMetadata' names no embedding layer of the model with ${
      quoted(unknown)
    }: ${known.size ? `it has ${quoted([...known])}` : "it has none"}`,
  );
}

/** Where in `logDir` the file is, and what it holds; a copy has a name that nobody else gives. */
function place(
  file: string,
  part: string,
  logDir: string,
  run: Run,
): { path: string; text?: string } {
  const absolute = /^([a-z]:)?[\\/]/i.test(file);
  const there = absolute ? undefined : run.files.read(`${logDir}/${file}`);
  if (there !== undefined) return { path: file, text: there };
  const text = run.files.read(absolute ? file : `${Deno.cwd()}/${file}`);
  if (text === undefined) return { path: file };
  const path = `keras_embedding.${part}.metadata.tsv`;
  run.files.write(`${logDir}/${path}`, text);
  return { path, text };
}

function problemWith(text: string | undefined, size: number) {
  if (text === undefined) return "is not there, so its rows have no names";
  const rows = rowsOf(text);
  if (rows === size) return undefined;
  return `has ${rows} rows, where the layer has ${size}`;
}

/** As TensorBoard counts: a first line with a tab names the columns. */
function rowsOf(text: string): number {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.length - (lines[0]?.includes("\t") ? 1 : 0);
}

/** The tables of an epoch, and the configuration that names them. */
async function writeEmbeddings(
  logDir: string,
  epoch: number,
  embeddings: readonly Embedding[],
  metadata: ReadonlyMap<string, string>,
  run: Run,
): Promise<void> {
  const entries: string[] = [];
  for (const { name, file, weight } of embeddings) {
    const path = `train/keras_embedding.ckpt-${epoch}.${file}.tsv`;
    const table = tsv(await weight.values(), weight.shape.at(-1)!);
    run.files.write(`${logDir}/${path}`, table);
    entries.push(entryOf(name, path, metadata.get(name)));
  }
  if (entries.length) {
    run.files.write(`${logDir}/projector_config.pbtxt`, entries.join(""));
  }
}

/** In the text form of `ProjectorConfig` in TensorBoard's `plugins/projector/projector_config.proto`. */
function entryOf(
  tensor: string,
  path: string,
  metadata: string | undefined,
): string {
  const fields = {
    tensor_name: tensor,
    metadata_path: metadata,
    tensor_path: path,
  };
  const lines = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `  ${name}: ${JSON.stringify(value)}\n`);
  return `embeddings {\n${lines.join("")}}\n`;
}

/** With as many digits as tell a float from its neighbours; as bytes, since a text has not room for every vocabulary. */
function tsv(values: ArrayLike<number>, columns: number): Uint8Array {
  const encoder = new TextEncoder();
  const rows: Uint8Array[] = [];
  for (let row = 0; row < values.length; row += columns) {
    const line: string[] = [];
    for (let i = row; i < row + columns; i++) {
      line.push(values[i]!.toPrecision(9));
    }
    rows.push(encoder.encode(`${line.join("\t")}\n`));
  }
  return joined(rows);
}

/** A layer's name as a part of a file's that none of `taken` is, nor is one that some disks take for the same. */
function fileName(name: string, taken: Set<string>): string {
  // deno-lint-ignore no-control-regex
  let file = name.replaceAll(/[\\/:*?"<>|\x00-\x1f]/g, "_");
  while (taken.has(file.toLowerCase())) file += "_";
  taken.add(file.toLowerCase());
  return file;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(", ");
}
