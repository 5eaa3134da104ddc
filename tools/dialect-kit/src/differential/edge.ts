import type { Random } from "./random.js";

/** A value to try, and its name in the counts. */
export interface Edge {
  readonly name: string;
  readonly value: unknown;
}

/** Marks an omitted member, because JSON has no `undefined`. */
export const MISSING: unique symbol = Symbol("missing");

/** Creates a number literal that `JSON.stringify` cannot write, such as `1e999` or `-0`. */
export function rawNumber(text: string): string {
  return `@raw:${text}`;
}

/** Writes a body as JSON with the literals of {@link rawNumber}. */
export function jsonTextOf(body: unknown): string {
  return JSON.stringify(body).replace(/"@raw:([^"]*)"/g, "$1");
}

/** Creates edges from named values. */
export function edges(values: Readonly<Record<string, unknown>>): readonly Edge[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

/** Picks an ordinary value most of the time, else an odd one. All odd ones are equally likely. */
export function pickEdge(random: Random, common: readonly Edge[], odd: readonly Edge[]): Edge {
  return random.chance(0.6) ? random.pick(common) : random.pick(odd);
}

/** Creates an object of these members, without missing ones. `__proto__` is an ordinary name. */
export function jsonObject(
  members: readonly (readonly [string, unknown])[],
): Record<string, unknown> {
  return Object.fromEntries(members.filter(([, value]) => value !== MISSING));
}
