import type { Random } from "./random.js";

/** A value to try, and its name in the counts. */
export interface Edge {
  readonly name: string;
  readonly value: unknown;
}

/** Marks a member that is left out, because JSON has no `undefined`. */
export const MISSING: unique symbol = Symbol("missing");

/** A number literal that `JSON.stringify` cannot write: `1e999`, `-0`. */
export function rawNumber(text: string): string {
  return `@raw:${text}`;
}

/** The JSON text of a body, with the literals of {@link rawNumber}. */
export function jsonTextOf(body: unknown): string {
  return JSON.stringify(body).replace(/"@raw:([^"]*)"/g, "$1");
}

/** Creates edges from named values. */
export function edges(values: Readonly<Record<string, unknown>>): readonly Edge[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

/** Mostly an ordinary value, else an odd one; all odd ones have the same chance. */
export function pickEdge(random: Random, common: readonly Edge[], odd: readonly Edge[]): Edge {
  return random.chance(0.6) ? random.pick(common) : random.pick(odd);
}

/** An object of these members, without missing ones. `__proto__` is an ordinary name. */
export function jsonObject(
  members: readonly (readonly [string, unknown])[],
): Record<string, unknown> {
  return Object.fromEntries(members.filter(([, value]) => value !== MISSING));
}
