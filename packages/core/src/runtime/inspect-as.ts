/** Node's `util.inspect`, as `console.log` passes it to a method with the name below. */
type Inspect = (value: unknown, options: object) => string;

/** The name by which Node's `console.log` asks an object how to show it. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/**
 * Sets what `console.log` shows of an object. Not a method of its class, since declarations cannot name the symbol.
 *
 * @param target - the object, or the prototype of a class.
 * @param name - stands before what is shown, unless it is empty.
 * @param read - facts without keys, addresses and users; `null` for an object that is not an instance, such as the prototype itself.
 */
export function inspectAs<T extends object>(
  target: T,
  name: string,
  read: (it: T) => object | null,
): void {
  const prefix = name === "" ? "" : `${name} `;
  function show(this: T, _depth: number, options: object, inspect: Inspect): unknown {
    const facts = read(this);
    return facts === null ? this : prefix + inspect(facts, options);
  }
  Object.defineProperty(target, INSPECT, { value: show, configurable: true, writable: true });
}
