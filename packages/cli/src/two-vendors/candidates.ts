import type { JsonObject } from "../evaluate/request.js";
import type { Comparison } from "../judge/flag-reads.js";
import { madeOnce } from "../made-once.js";
import type { Oddness } from "./difference-tally.js";
import { VERSION } from "./value-shape.js";

/** A value to try for an attribute of a made-up subject; `undefined` leaves the attribute out. */
export interface Candidate {
  readonly value: unknown;
  readonly oddness: Oddness;
}

/** Values to try for each attribute, the plainest first. */
export type Candidates = ReadonlyMap<string, readonly Candidate[]>;

/** Maximum number of values to try for an attribute. */
const MAX_VALUES = 400;
const ABSENT: Candidate = { value: undefined, oddness: 1 };

/**
 * Values that may change what rules decide: each value that a rule compares with, its neighbours, no value, and values
 * of another type.
 */
export function candidatesOf(comparisons: readonly Comparison[]): Candidates {
  const byAttribute = new Map<string, Map<string, Candidate>>();
  for (const { attribute, expected } of comparisons) {
    const known = madeOnce(byAttribute, attribute, () => new Map<string, Candidate>());
    for (const scalar of scalarsIn(expected)) {
      for (const candidate of around(scalar)) {
        const key = JSON.stringify(candidate.value);
        const other = known.get(key);
        if (other === undefined || candidate.oddness < other.oddness) known.set(key, candidate);
      }
    }
  }
  return new Map(
    [...byAttribute].map(([attribute, values]) => {
      const sorted = [...values.values()].sort((a, b) => a.oddness - b.oddness);
      return [attribute, [...sorted.slice(0, MAX_VALUES), ABSENT]];
    }),
  );
}

/** Whether a value of an attribute follows from the rules, so that it says nothing about a subject. */
export function isNamed(value: unknown, name: string, candidates: Candidates): boolean {
  return candidates.get(name)?.some((it) => it.value === value) === true;
}

/** The strings, numbers and booleans in a value. */
function* scalarsIn(value: unknown): Generator<string | number | boolean, void> {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    yield value;
  } else if (typeof value === "object" && value !== null) {
    for (const it of Object.values(value as JsonObject)) yield* scalarsIn(it);
  }
}

/** The value, and values that a rule may treat differently: close numbers, dates and versions, other spellings and types. */
function around(value: string | number | boolean): readonly Candidate[] {
  const plain = (values: readonly unknown[]) => values.map((it) => candidate(it, 0));
  const odd = (values: readonly unknown[]) => values.map((it) => candidate(it, 2));
  if (typeof value === "boolean") return [...plain([value, !value]), ...odd([String(value)])];
  if (typeof value === "number") {
    return [...plain(numbersAround(value)), ...odd([String(value), "", true])];
  }
  const number = value.trim() === "" ? Number.NaN : Number(value);
  const isNumber = Number.isFinite(number);
  return [
    ...plain([value, ...datesAround(value), ...matching(value)]),
    ...(isNumber ? plain(numbersAround(number)) : plain(["other"])),
    ...plain(versionsAround(value)),
    ...odd([value.toUpperCase(), value.toLowerCase(), `${value} `, 0, true]),
  ];
}

function candidate(value: unknown, oddness: Oddness): Candidate {
  return { value, oddness };
}

function numbersAround(value: number): readonly number[] {
  const step = Number.isInteger(value) ? 1 : 0.01;
  const near = [value - step, value + step].map((it) => Number(it.toPrecision(12)));
  return [value, ...near];
}

/**
 * Versions just before and after a version, including those that strings sort differently: `2.9` and `2.10`, `9.9.9` and
 * `10.0.0`.
 */
function versionsAround(text: string): readonly string[] {
  if (!VERSION.test(text)) return [];
  const parts = text.split(".").map(Number);
  const last = parts.at(-1) ?? 0;
  const head = parts.slice(0, -1);
  const ends = [last - 1, last + 1, last * 10, last + 10, Math.floor(last / 10)];
  const versions = ends.filter((it) => it >= 0).map((it) => [...head, it].join("."));
  const [first = 0, second = 0, ...rest] = parts;
  const zeros = parts.slice(1).map(() => 0);
  const others = [
    [first + 1, ...parts.slice(1)],
    [10 ** String(first).length, ...zeros],
    ...(rest.length > 0 && second > 0 ? [[first, second - 1, ...rest]] : []),
  ];
  return [...versions, `${text}.0`, ...others.map((it) => it.join("."))];
}

function datesAround(text: string): readonly string[] {
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return [];
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return [];
  return [-1_000, 1_000].map((step) => new Date(ms + step).toISOString());
}

/** A string that a simple regular expression matches, from its first alternative without anchors. */
function matching(pattern: string): readonly string[] {
  if (VERSION.test(pattern)) return [];
  if (!/[\\^$.*+?()[\]{}|]/.test(pattern)) return [];
  const [first = ""] = pattern.replace(/^\(?\^?/, "").split("|");
  const text = first
    .replace(/\[(?:\\?)(.)[^\]]*\]/g, "$1")
    .replace(/\\d/g, "1")
    .replace(/\\w/g, "a")
    .replace(/\\(.)/g, "$1")
    .replace(/\{\d+(?:,\d*)?\}|[$*+?()]/g, "");
  return [text, `${text}x`, `x${text}`];
}
