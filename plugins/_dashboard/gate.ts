/**
 * Who may speak to the server: nobody without the token, and no page of another
 * site, whatever name it gave this machine.
 *
 * @module
 */

/** Why somebody is turned away. */
export interface Refusal {
  /** The status of HTTP. */
  readonly status: number;
  /** One sentence. */
  readonly problem: string;
}

/**
 * Why a request is turned away.
 *
 * @param request The request.
 * @param token What the address must hold.
 * @param host Where the server listens: that name may be used too.
 * @returns Undefined if it may pass.
 */
export function refusal(
  request: Request,
  token: string,
  host: string,
): Refusal | undefined {
  const named = request.headers.get("host") ?? "";
  if (!isOwnName(named, host) || !URL.canParse(request.url)) {
    return {
      status: 403,
      problem:
        `This dashboard does not answer to the name "${named}": open the address that the run printed`,
    };
  }
  const origin = request.headers.get("origin");
  if (origin !== null && origin !== `http://${named}`) {
    return {
      status: 403,
      problem:
        `This dashboard does not answer to pages of "${origin}": open the address that the run printed`,
    };
  }
  const given = new URL(request.url).searchParams.get("token");
  if (given !== null && isSame(given, token)) return undefined;
  return {
    status: 401,
    problem: given === null
      ? "The address lacks its token: open the one that the run printed"
      : "The token is not the one of this run: open the address that it printed",
  };
}

/**
 * Whether a name is this machine's own. A number cannot be another's name, and
 * so may have any port, as one that was forwarded has.
 */
function isOwnName(named: string, host: string): boolean {
  const [, name] = /^(\[[\da-f:.]+\]|[^:[\]/@?#\\]+)(?::\d{1,5})?$/
    .exec(named.toLowerCase()) ?? [];
  if (name === undefined) return false;
  return name === "localhost" || name === host.toLowerCase() ||
    name.startsWith("[") || /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
}

/** Whether two texts are the same, in a time that does not tell where they differ. */
function isSame(given: string, token: string): boolean {
  let different = given.length ^ token.length;
  for (let i = 0; i < token.length; i++) {
    different |= given.charCodeAt(i) ^ token.charCodeAt(i);
  }
  return different === 0;
}
