/**
 * What is not the same any more in a run that is to go on, in sentences.
 *
 * @module
 */
import type { Identity } from "./backup.ts";

type PluginIdentity = Identity["plugins"][number];

/**
 * What has changed.
 *
 * @param was The run that was backed up.
 * @param is The run that is to go on.
 */
export function changesOf(was: Identity, is: Identity): string[] {
  return [
    ...changedList(was.plugins, is.plugins),
    ...is.plugins.flatMap((plugin) => {
      const other = was.plugins.find(({ name }) => name === plugin.name);
      return other ? changedPlugin(other, plugin) : [];
    }),
    ...keysChanged(was.facts, is.facts).map(([name, then, here]) =>
      `${name}: it was ${then}, and is ${here}`
    ),
  ];
}

function changedList(
  was: readonly PluginIdentity[],
  is: readonly PluginIdentity[],
): string[] {
  const [before, now] = [was, is].map((all) => all.map(({ name }) => name)) as [
    string[],
    string[],
  ];
  const changes = [
    ...before.filter((name) => !now.includes(name))
      .map((name) => `plugin "${name}" is not there any more`),
    ...now.filter((name) => !before.includes(name))
      .map((name) => `plugin "${name}" was not there`),
  ];
  if (changes.length || before.join() === now.join()) return changes;
  return [
    `the plugins were in the order ${before.join(", ")}, and are in the order ${
      now.join(", ")
    }`,
  ];
}

function changedPlugin(was: PluginIdentity, is: PluginIdentity): string[] {
  const made = was.source === is.source ? [] : [
    `plugin "${is.name}" was made of ${was.source ?? "none"}, and is of ${
      is.source ?? "none"
    }`,
  ];
  const options = keysChanged(was.options ?? {}, is.options ?? {})
    .map(([name, then, here]) =>
      `option "${name}" of plugin "${is.name}": it was ${then}, and is ${here}`
    );
  return [...made, ...options];
}

/** The names whose values differ, with both values. */
function keysChanged(
  was: Readonly<Record<string, unknown>>,
  is: Readonly<Record<string, unknown>>,
): [name: string, then: unknown, here: unknown][] {
  return Object.keys({ ...was, ...is })
    .filter((name) => was[name] !== is[name])
    .map((name) => [name, was[name] ?? "none", is[name] ?? "none"]);
}
