/**
 * The files of the dashboard's page.
 *
 * @module
 */

/** What is served at one path. */
export interface Asset {
  /** Its media type. */
  readonly type: string;
  /** What it contains. */
  readonly text: string;
}

/** The files by path. */
export function assets(token: string): Readonly<Record<string, Asset>> {
  const query = `?token=${encodeURIComponent(token)}`;
  const text = `<!doctype html><title>Run</title><a href="stream${query}">`;
  return { "/": { type: "text/html; charset=utf-8", text } };
}
