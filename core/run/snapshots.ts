/**
 * The copies of the weights that plugins took, by plugin and name, so that none
 * outlives the run unless it is kept.
 *
 * @module
 */
import type { Plugin } from "../plugin.ts";
import type { Snapshot } from "../steps.ts";

/** The snapshots of a run. */
export interface SnapshotStore {
  /** Put one under a name; the one that was there is freed. */
  put(plugin: string, name: string, snapshot: Snapshot, keep: boolean): void;
  /** The one of a name. */
  get(plugin: string, name: string): Snapshot | undefined;
  /** Free the one of a name, if there is one. */
  release(plugin: string, name: string): void;
  /** All there are, in the order in which they were put. */
  all(): readonly StoredCopy[];
  /** These in place of all there are. */
  replace(copies: readonly StoredCopy[]): void;
  /** Free all, save those that are kept for their plugin's next run. */
  close(): void;
}

/** A snapshot, and whose it is. */
export interface StoredCopy {
  /** Plugin that took it. */
  readonly plugin: string;
  /** Its name. */
  readonly name: string;
  /** Whether it outlives the run. */
  readonly keep: boolean;
  /** The snapshot. */
  readonly snapshot: Snapshot;
}

/** A plugin of the run. */
interface Owner {
  readonly name: string;
  readonly plugin: Plugin;
}

interface Stored {
  readonly snapshot: Snapshot;
  readonly keep: boolean;
}

/** What plugins keep between runs. */
const kept = new WeakMap<Plugin, Map<string, Snapshot>>();

/** The snapshots of a run, those among them that its plugins kept from the last one. */
export function snapshotStore(owners: () => readonly Owner[]): SnapshotStore {
  const stored = new Map<string, Map<string, Stored>>();

  function of(plugin: string): Map<string, Stored> {
    let mine = stored.get(plugin);
    if (mine) return mine;
    const owner = owners().find(({ name }) => name === plugin);
    const before = owner && kept.get(owner.plugin);
    mine = new Map(
      [...before ?? []].map(([name, snapshot]) => [
        name,
        { snapshot, keep: true },
      ]),
    );
    stored.set(plugin, mine);
    return mine;
  }

  function release(plugin: string, name: string): void {
    of(plugin).get(name)?.snapshot.dispose();
    of(plugin).delete(name);
  }

  return {
    put(plugin, name, snapshot, keep) {
      release(plugin, name);
      of(plugin).set(name, { snapshot, keep });
    },
    get: (plugin, name) => of(plugin).get(name)?.snapshot,
    release,
    all: () =>
      owners().flatMap(({ name: plugin }) =>
        [...of(plugin)].map(([name, stored]) => ({ plugin, name, ...stored }))
      ),
    replace(copies) {
      for (const { name: plugin } of owners()) {
        for (const name of [...of(plugin).keys()]) release(plugin, name);
      }
      for (const { plugin, name, snapshot, keep } of copies) {
        of(plugin).set(name, { snapshot, keep });
      }
    },
    close() {
      for (const { name, plugin } of owners()) {
        const mine = [...stored.get(name) ?? []];
        if (!stored.has(name)) continue;
        kept.set(
          plugin,
          new Map(
            mine.filter(([, { keep }]) => keep)
              .map(([name, { snapshot }]) => [name, snapshot]),
          ),
        );
      }
      for (const mine of stored.values()) {
        for (const { snapshot, keep } of mine.values()) {
          if (!keep) snapshot.dispose();
        }
      }
      stored.clear();
    },
  };
}
