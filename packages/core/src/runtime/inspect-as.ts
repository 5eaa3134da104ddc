/** Node's `util.inspect`, which `console.log` passes to a method with the name below. */
type Inspect = (value: unknown, options: object) => string;

/** The method of an object that Node's `console.log` calls to print it. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/**
 * Sets how `console.log` prints an object. It is not a method of the class, because declarations cannot name the
 * symbol.
 *
 * @param target - the object, or the prototype of a class.
 * @param name - printed first, unless it is empty.
 * @param read - returns facts without keys, addresses and users, or `null` for an object that is not an instance, such
 * as the prototype itself.
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
