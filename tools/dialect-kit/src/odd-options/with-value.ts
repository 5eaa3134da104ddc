import { ENTRY, type Input } from "./read-inputs.js";

/** Puts a value at one place of the arguments, which are changed and returned. Objects on the way are made if missing. */
export function withValue(given: unknown[], { path }: Input, value: unknown): unknown[] {
  // Arguments and options are written alike: by number and by name.
  let holder = given as unknown as Record<string, unknown>;
  for (const step of path.slice(0, -1)) {
    const name = nameOf(step, holder);
    const next = holder[name];
    if (typeof next !== "object" || next === null) holder[name] = {};
    // An object: made by the line before, if it was none.
    holder = holder[name] as Record<string, unknown>;
  }
  holder[nameOf(path[path.length - 1] ?? 0, holder)] = value;
  return given;
}

function nameOf(step: string | number, holder: object): string {
  return step === ENTRY ? (Object.keys(holder)[0] ?? "0") : String(step);
}
