/** Node's `util.inspect`. */
type Inspect = (value: unknown, options: object) => string;

/**
 * Sets what `console.log` prints for a client. Not a method, since declarations cannot name the symbol.
 *
 * @param view - facts without keys, addresses and users.
 */
export function defineView(client: object, name: string, view: () => object): void {
  const value = (_depth: number, options: object, inspect: Inspect): string =>
    `${name} ${inspect(view(), options)}`;
  Object.defineProperty(client, Symbol.for("nodejs.util.inspect.custom"), { value });
}
