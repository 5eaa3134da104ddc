import type { Random } from "./random.js";

/** A value that is worth a try, and what it is called in the counts. */
export interface Edge {
  readonly name: string;
  readonly value: unknown;
}

/** Stands for a member that is left out: JSON has no `undefined`. */
export const MISSING: unique symbol = Symbol("missing");

/** A number as JSON text writes it, where `JSON.stringify` would write another: `1e999`, `-0`. */
export function rawNumber(text: string): string {
  return `@raw:${text}`;
}

/** JSON text of a body, with raw numbers as they are. */
export function jsonTextOf(body: unknown): string {
  return JSON.stringify(body).replace(/"@raw:([^"]*)"/g, "$1");
}

/** Makes edges of named values. */
export function edges(values: Readonly<Record<string, unknown>>): readonly Edge[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

/** An ordinary value mostly, else an odd one; odd ones all have the same chance. */
export function pickEdge(random: Random, common: readonly Edge[], odd: readonly Edge[]): Edge {
  return random.chance(0.6) ? random.pick(common) : random.pick(odd);
}

/** An object of these members, without the missing ones. `__proto__` is a name like any other. */
export function jsonObject(
  members: readonly (readonly [string, unknown])[],
): Record<string, unknown> {
  return Object.fromEntries(members.filter(([, value]) => value !== MISSING));
}
