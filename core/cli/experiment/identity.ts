/**
 * What a run that goes on must have like the one that was broken off, besides
 * what the core compares itself.
 *
 * @module
 */
import type { Facts } from "../report/run_record.ts";

/** Flags by which a run would be another. The core sees the others by what they do. */
const FLAGS = [
  "data",
  "from",
  "label",
  "no-header",
  "separator",
  "validation-split",
];

/**
 * What a record says of it, by the names for people.
 *
 * @param about The head of a record.
 */
export function identityOf(about: Facts): Record<string, string> {
  const { experiment, experimentSha256, imports, threads } = about;
  const { sha256: data } = Object(about.data) as { sha256?: string };
  const versions = Object(about.versions) as Record<string, string>;
  const flags = Object(about.flags) as Record<string, unknown>;
  const facts: Record<string, unknown> = {
    experiment,
    ...contents({ [String(experiment)]: experimentSha256, ...Object(imports) }),
    hookloop: versions.hookloop,
    Deno: versions.deno,
    "tf.js": versions.tfjs,
    threads,
    "content of the data": data?.slice(0, 8),
    ...Object.fromEntries(FLAGS.map((name) => [`--${name}`, flags[name]])),
  };
  return Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
}

/** SHA-256 by file, in short. */
function contents(files: Facts): Facts {
  return Object.fromEntries(
    Object.entries(files).map(([file, sha256]) => [
      `content of ${file}`,
      String(sha256 ?? "unknown").slice(0, 8),
    ]),
  );
}
