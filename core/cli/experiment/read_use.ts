/**
 * How a run names a plugin: as text behind `--use`, or as a name with options in
 * an experiment; either with `shadow:` before the name.
 *
 * @module
 */
import {
  checkOptions,
  type Defaults,
  type OptionValues,
  parseUse,
  readOptions,
  withoutShadow,
} from "../../contract/plugin_options.ts";
import { SHADOW } from "../../contract/shadow.ts";
import type { Use } from "./experiment.ts";

/** A plugin that is named. */
export interface NamedPlugin {
  /** Its name. */
  readonly name: string;
  /** Whether it is to be a shadow. */
  readonly shadow: boolean;
  /** Its options, as they were given. */
  readonly given: OptionValues;
  /**
   * Its options, of the types of its defaults.
   *
   * @throws {InputError} If one is unknown or of another type.
   */
  options(defaults: Defaults | undefined): OptionValues;
}

/**
 * Read how a plugin is named.
 *
 * @throws {InputError} If it has no name, or an option is given twice.
 */
export function readUse(entry: Use): NamedPlugin {
  if (typeof entry === "string") {
    const { options: given, ...named } = parseUse(entry);
    const { name } = named;
    const options = (defaults?: Defaults) => readOptions(name, given, defaults);
    return { ...named, given, options };
  }
  const [written, given] = entry;
  const { rest: name, shadow } = withoutShadow(written);
  const options = (defaults?: Defaults) =>
    defined(checkOptions(name, given, defaults));
  return { name, shadow, given, options };
}

/** What a plugin that an experiment names will be called. */
export function nameOfUse(entry: Use): string {
  const { name, shadow, given } = readUse(entry);
  const own = typeof given.name === "string" ? given.name : name;
  return shadow ? SHADOW + own : own;
}

/** Without what is undefined, where the default holds. */
function defined(options: OptionValues): OptionValues {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
}
