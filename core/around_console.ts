/**
 * What a program prints with `console` while something of ours is on the screen.
 *
 * @module
 */

type Method = (...args: unknown[]) => void;

/**
 * Put something around whatever `console` does, until it is taken away.
 *
 * @param around Is given each call, and makes it.
 * @returns Takes it away; where somebody has put something around it meanwhile, that stays.
 */
export function aroundConsole(
  around: (call: () => void) => void,
): () => void {
  const methods = console as unknown as Record<string, unknown>;
  const before = Object.entries(methods).filter((entry) =>
    typeof entry[1] === "function"
  ) as [string, Method][];
  const ours = before.map(([name, method]): [string, Method, Method] => [
    name,
    method,
    (...args) => around(() => method.apply(console, args)),
  ]);
  for (const [name, , own] of ours) methods[name] = own;
  return () => {
    for (const [name, method, own] of ours) {
      if (methods[name] === own) methods[name] = method;
    }
  };
}
