/**
 * With what a run ran, as names and values in groups: what a page lists, and by
 * what runs differ.
 *
 * @module
 */
import { isObject, objects, text } from "./plain_facts.ts";
import type { Facts } from "./run_record.ts";

/** A setting of a run. */
export interface Setting {
  /** What it belongs to. */
  readonly group: Group;
  /** What it is called. */
  readonly name: string;
  /** Its value, as text. */
  readonly value: string;
  /** The plugin whose option it is, and the option's name. */
  readonly option?: readonly [plugin: string, name: string];
}

/** The groups, in order. */
export const GROUPS = [
  "Options",
  "Data",
  "Model and optimizer",
  "Plugins",
  "Versions and machine",
  "Files",
  "Other facts",
] as const;

/** A group of settings. */
export type Group = typeof GROUPS[number];

/** Facts of a record that go into a group as they stand. */
const PLACES: Readonly<Record<string, Group>> = {
  experiment: "Options",
  data: "Data",
  loss: "Model and optimizer",
  optimizer: "Model and optimizer",
  learningRate: "Model and optimizer",
  seed: "Options",
  backend: "Versions and machine",
  threads: "Versions and machine",
  versions: "Versions and machine",
  host: "Versions and machine",
  experimentSha256: "Files",
  imports: "Files",
};

/** What is shown in other ways: how the run went, its plan, its layers, the words it was begun with. */
const ELSEWHERE: readonly string[] = [
  "began",
  "best",
  "command",
  "ended",
  "epoch",
  "error",
  "flags",
  "history",
  "model",
  "outcome",
  "plan",
  "resumed",
  "seconds",
];

/** Of the parameters, what follows from others. */
const KNOWN_PARAMS: readonly string[] = ["mode", "directions", "seed"];

/** The settings in a record. */
export function settingsOf(facts: Facts): Setting[] {
  const settings: Setting[] = [];
  const add: Add = (group, name, value, option) => {
    for (const [key, shown] of leaves(name, value)) {
      settings.push({
        group,
        name: key,
        value: shown,
        ...option && { option },
      });
    }
  };
  for (const [name, value] of Object.entries(facts)) {
    if (ELSEWHERE.includes(name) || isToldTwice(name, facts)) continue;
    if (name === "plugins") addPlugins(value, add);
    else if (name === "params") addParams(value, add);
    else add(PLACES[name] ?? "Other facts", words(name), value);
  }
  addLayers(facts.model, add);
  if (isObject(facts.flags)) add("Options", "from", facts.flags.from);
  return inOrder(settings);
}

/** The optimizer says its learning rate too, unless it was changed since. */
function isToldTwice(
  name: string,
  { learningRate, optimizer }: Facts,
): boolean {
  return name === "learningRate" &&
    Object(optimizer).learningRate === learningRate;
}

type Add = (
  group: Group,
  name: string,
  value: unknown,
  option?: Setting["option"],
) => void;

function addParams(params: unknown, add: Add): void {
  for (const [name, value] of Object.entries(isObject(params) ? params : {})) {
    if (!KNOWN_PARAMS.includes(name)) add("Options", words(name), value);
  }
}

function addPlugins(plugins: unknown, add: Add): void {
  for (const { name, options, ...about } of objects(plugins)) {
    const plugin = text(name) ?? "?";
    add("Plugins", plugin, sourceText(about));
    for (
      const [key, value] of Object.entries(isObject(options) ? options : {})
    ) {
      if (key === "name") continue;
      add("Plugins", `${plugin}: ${key}`, valueText(value), [plugin, key]);
    }
  }
}

function sourceText({ file, version, sha256 }: Facts): string {
  const hash = text(sha256)?.slice(0, 12);
  const own = file === "built in" ? [version ?? file] : [file, version];
  return [...own, hash && `SHA-256 ${hash}…`]
    .filter((it) => typeof it === "string").join(", ") || "used";
}

function addLayers(model: unknown, add: Add): void {
  const layers = objects(isObject(model) ? model.layers : undefined);
  if (layers.length === 0) return;
  const params = layers.map((it) => Number(it.params) || 0);
  add("Model and optimizer", "layers", layers.length);
  add("Model and optimizer", "parameters", params.reduce((a, b) => a + b, 0));
}

/** Whose inner names say enough. */
const OPEN: readonly string[] = ["data", "host", "versions"];

/** How many levels of facts are told apart. */
const DEEP = 3;

/** Names and values of what is within: a list of plain values is one. */
function* leaves(
  name: string,
  value: unknown,
  depth = 0,
): Generator<[string, string]> {
  if (value === undefined) return;
  if (!isObject(value) || depth === DEEP) {
    yield [name, valueText(value)];
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    const own = OPEN.includes(name) && depth === 0
      ? words(key)
      : `${name}: ${words(key)}`;
    yield* leaves(own, inner, depth + 1);
  }
}

/** So much of a value is shown. */
const LONG = 300;

/** A value as text. */
export function valueText(value: unknown): string {
  const shown = typeof value === "string"
    ? value
    : Array.isArray(value) && value.every((it) => Object(it) !== it)
    ? value.join(", ")
    : JSON.stringify(value) ?? "";
  return shown.length > LONG ? `${shown.slice(0, LONG)}…` : shown;
}

/** `batchSize` as `batch size`. */
function words(name: string): string {
  return name.replaceAll(
    /([a-z])([A-Z])/g,
    (_, a, b) => `${a} ${b.toLowerCase()}`,
  )
    .replaceAll(/sha256$/gi, "SHA-256").replace(/^of$/, "SHA-256 of");
}

/** By group; of each, the first of a name. */
function inOrder(settings: readonly Setting[]): Setting[] {
  return GROUPS.flatMap((group) => {
    const names = new Set<string>();
    return settings.filter((it) => {
      if (it.group !== group || names.has(it.name)) return false;
      names.add(it.name);
      return true;
    });
  });
}
