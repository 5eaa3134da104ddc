import { type CompileOptions, UNREPORTED } from "./malformed.js";

/** Returns a function that compiles each object once, without reports. Any other value counts as `null`. */
export function compiledOnce<T>(
  Compiled: new (raw: object | null, options: CompileOptions) => T,
): (raw: unknown) => T {
  const nothing = new Compiled(null, UNREPORTED);
  const byObject = new WeakMap<object, T>();
  return (raw) => {
    if (typeof raw !== "object" || raw === null) return nothing;
    const known = byObject.get(raw);
    if (known !== undefined) return known;
    const compiled = new Compiled(raw, UNREPORTED);
    byObject.set(raw, compiled);
    return compiled;
  };
}
