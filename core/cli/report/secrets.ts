/**
 * What a record does not tell: options that are keys to something.
 *
 * @module
 */

/** Such an option in what `--use` says, up to the next one. */
const SECRET = /(?<=[:,])token=(?:\\.|[^,\\])*,?/g;

/** Words of a command line, or what `--use` says, without secret options. */
export function withoutSecrets(words: readonly string[]): string[] {
  return words.map((word) =>
    word.search(SECRET) < 0
      ? word
      : word.replace(SECRET, "").replace(/[:,]$/, "")
  );
}

/** Options without the secret ones. */
export function publicOptions(
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { token: _, ...others } = options;
  return others;
}
