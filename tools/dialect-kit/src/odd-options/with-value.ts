import { ENTRY, type Input } from "./read-inputs.js";

/**
 * Sets a value in the arguments, which are changed and returned. Missing objects on the path are
 * created.
 */
export function withValue(given: unknown[], { path }: Input, value: unknown): unknown[] {
  // Arguments and options are accessed alike, by index or name.
  let holder = given as unknown as Record<string, unknown>;
  for (const step of path.slice(0, -1)) {
    const name = nameOf(step, holder);
    const next = holder[name];
    if (typeof next !== "object" || next === null) holder[name] = {};
    // This is an object, because the previous line creates it if necessary.
    holder = holder[name] as Record<string, unknown>;
  }
  holder[nameOf(path[path.length - 1] ?? 0, holder)] = value;
  return given;
}

function nameOf(step: string | number, holder: object): string {
  return step === ENTRY ? (Object.keys(holder)[0] ?? "0") : String(step);
}
