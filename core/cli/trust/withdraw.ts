/**
 * What a run gives up before the first plugin is loaded: all but its own folder,
 * and the hosts that its plugins say they need.
 *
 * @module
 */
import { readTerms } from "../../contract/permissions.ts";
import { isPluginFile } from "../../contract/discover.ts";
import { DATA_HOSTS } from "../../data/remote_sets.ts";
import { InputError, messageOf } from "../../errors.ts";
import { isFolderSync } from "../../files.ts";
import type { Permissions, Plugin } from "../../plugin.ts";
import { stepBegins } from "../../run/draws.ts";
import { findBuiltin } from "../experiment/builtins.ts";
import type {
  Experiment,
  HandExperiment,
  Use,
} from "../experiment/experiment.ts";
import { readUse } from "../experiment/read_use.ts";
import { confine } from "./confine.ts";
import { rememberGivenUp } from "./given_up.ts";
import { sealGlobals } from "./seal.ts";
import { sourceOf } from "./source.ts";

/** What is about to run. */
export interface Planned {
  /** The experiment. */
  readonly experiment: Experiment | HandExperiment;
  /** Its file; undefined for the embedded one. */
  readonly file: string | undefined;
  /** What it writes to. */
  readonly writes: readonly string[];
  /** Folder of plugins. */
  readonly plugins: string;
  /** Every `--use`. */
  readonly use: readonly string[];
}

/** What the tasks grant besides; to know the terminal, by `TERM` and `CI`, gives nothing away, and stays. */
const GRANTED: Permissions = {
  write: ["runs", "data"],
  net: [...DATA_HOSTS, "localhost:9000", "127.0.0.1"],
};

/**
 * Take back what the run does not need, and seal the globals. To be called with
 * the data there and the backend running, before any plugin is loaded.
 *
 * @throws {InputError} If a file's permissions are not plain data.
 */
export async function withdraw(planned: Planned): Promise<void> {
  const all = [
    ...termsOf(planned),
    ...ownPermissions(planned.experiment),
    ...await builtinPermissions(planned),
  ];
  const net = all.flatMap(({ net = [] }) => net);
  const write = all.flatMap(({ write = [] }) => write);
  await confine({
    write: [...planned.writes, ...write],
    // They serve data sets, which are there by now, and anyone's uploads.
    net: net.filter((host) => !DATA_HOSTS.includes(host)),
  }, GRANTED);
  rememberGivenUp(GRANTED);
  // Packages from npm may come later; what Deno gives them changes globals at first.
  await import("node:module");
  // Steps draw their own numbers from Math.random, which nobody changes after.
  stepBegins();
  // What packages of npm need of Node defines globals when it is first loaded.
  await import("node:module");
  sealGlobals();
}

/** What the files say that are about to be loaded. */
function termsOf({ file, plugins }: Planned): Permissions[] {
  const files = isFolderSync(plugins)
    ? [...Deno.readDirSync(plugins)].map(({ name }) => name)
      .filter(isPluginFile).map((name) => `${plugins}/${name}`)
    : [];
  return [...file === undefined ? [] : [file], ...files]
    .map(permissionsIn);
}

function permissionsIn(path: string): Permissions {
  try {
    return readTerms(sourceOf(path)).permissions;
  } catch (error) {
    throw new InputError(`Cannot load ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** What the plugins say that the experiment's own code lists. */
function ownPermissions(
  experiment: Experiment | HandExperiment,
): Permissions[] {
  if (typeof experiment === "function") return [];
  const { plugins = [] } = experiment;
  return (plugins as readonly unknown[]).flat(Infinity)
    .flatMap((plugin) => (plugin as Plugin | null)?.permissions ?? []);
}

/** What the built-ins say that are named, with the options given there. */
async function builtinPermissions(
  { experiment, use }: Planned,
): Promise<Permissions[]> {
  const listed = typeof experiment === "function" ? [] : experiment.use ?? [];
  const made = await Promise.all([...listed, ...use].map(builtin));
  return made.flatMap((plugin) => plugin?.permissions ?? []);
}

/** The built-in that is named; undefined if it is none. */
async function builtin(entry: Use): Promise<Plugin | undefined> {
  try {
    const { name, options } = readUse(entry);
    const found = await findBuiltin(name);
    return found?.create(options(found.defaults));
  } catch {
    return undefined; // What is wrong with it is said when it is chosen.
  }
}
