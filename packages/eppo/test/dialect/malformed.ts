import { MISSING, type Random } from "@sortition/dialect-kit/differential";
import type { JsonPath } from "@sortition/dialect-kit/fuzz";

type Holder = Record<string, unknown> | unknown[];

/** Matches any element of a list, or any member of a map. */
const ANY: unique symbol = Symbol("any");

/** Paths of the parts of a flag that are replaced. */
const PATHS: Readonly<Record<string, readonly (string | typeof ANY)[]>> = {
  allocations: ["allocations"],
  allocation: ["allocations", ANY],
  "allocation key": ["allocations", ANY, "key"],
  rules: ["allocations", ANY, "rules"],
  rule: ["allocations", ANY, "rules", ANY],
  conditions: ["allocations", ANY, "rules", ANY, "conditions"],
  condition: ["allocations", ANY, "rules", ANY, "conditions", ANY],
  attribute: ["allocations", ANY, "rules", ANY, "conditions", ANY, "attribute"],
  splits: ["allocations", ANY, "splits"],
  split: ["allocations", ANY, "splits", ANY],
  "variation key of a split": ["allocations", ANY, "splits", ANY, "variationKey"],
  "extra logging": ["allocations", ANY, "splits", ANY, "extraLogging"],
  shards: ["allocations", ANY, "splits", ANY, "shards"],
  shard: ["allocations", ANY, "splits", ANY, "shards", ANY],
  salt: ["allocations", ANY, "splits", ANY, "shards", ANY, "salt"],
  ranges: ["allocations", ANY, "splits", ANY, "shards", ANY, "ranges"],
  range: ["allocations", ANY, "splits", ANY, "shards", ANY, "ranges", ANY],
  start: ["allocations", ANY, "splits", ANY, "shards", ANY, "ranges", ANY, "start"],
  end: ["allocations", ANY, "splits", ANY, "shards", ANY, "ranges", ANY, "end"],
  "do log": ["allocations", ANY, "doLog"],
  variations: ["variations"],
  variation: ["variations", ANY],
  "variation key": ["variations", ANY, "key"],
  enabled: ["enabled"],
  "flag key": ["key"],
};

const REPLACEMENTS: Readonly<Record<string, unknown>> = {
  null: null,
  missing: MISSING,
  string: "x",
  "empty string": "",
  "numeric string": "5",
  "undecodable string": "A",
  number: 5,
  zero: 0,
  true: true,
  false: false,
  list: ["x"],
  "empty list": [],
  object: {},
};

/** Names of all parts that are replaced. `flag` is the flag itself. */
export const MALFORMED_PARTS: readonly string[] = ["flag", ...Object.keys(PATHS)];

/** Names of the replacements. */
export const REPLACEMENT_NAMES: readonly string[] = Object.keys(REPLACEMENTS);

/** Returns the name of the part at a path below a flag, or `null` if it has no name. */
export function partOf(path: JsonPath): string | null {
  if (path.length === 0) return "flag";
  const isSame = (steps: readonly (string | typeof ANY)[]): boolean =>
    steps.length === path.length && steps.every((step, i) => step === ANY || step === path[i]);
  return Object.entries(PATHS).find(([, steps]) => isSame(steps))?.[0] ?? null;
}

/** A flag with one part replaced. */
export interface Malformed {
  readonly wire: unknown;
  readonly part: string;
  readonly replacement: string;
}

/** All ways to replace a part of a flag. */
export const WAYS: readonly (readonly [part: string, replacement: string])[] =
  MALFORMED_PARTS.flatMap((part) =>
    REPLACEMENT_NAMES.map((replacement) => [part, replacement] as const),
  );

/** Replaces one part of a flag. Generates flags until one has that part. */
export function malform(random: Random, nextFlag: () => unknown): Malformed {
  const [part, replacement] = random.deal("malformed", WAYS);
  for (;;) {
    const wire = replacePart(random, nextFlag(), part, REPLACEMENTS[replacement]);
    if (wire !== undefined) return { wire, part, replacement };
  }
}

/** Copies a flag with one part replaced. Returns `undefined` if the flag has no such part. */
function replacePart(random: Random, flag: unknown, part: string, value: unknown): unknown {
  if (part === "flag") return value === MISSING ? null : value;
  const wire: unknown = JSON.parse(JSON.stringify(flag));
  const path = PATHS[part] ?? [];
  let holder = wire as Holder; // a flag is an object
  for (const step of path.slice(0, -1)) {
    const next = at(holder, keyOf(random, holder, step));
    if (typeof next !== "object" || next === null) return undefined;
    holder = next as Holder;
  }
  const key = keyOf(random, holder, path.at(-1) ?? "");
  if (path.at(-1) === ANY && at(holder, key) === undefined) return undefined;
  if (Array.isArray(holder)) holder[Number(key)] = value === MISSING ? null : value;
  else if (value === MISSING) delete holder[key];
  else holder[key] = value;
  return wire;
}

function at(holder: Holder, key: string): unknown {
  return (holder as Record<string, unknown>)[key]; // keys of lists are indices
}

function keyOf(random: Random, holder: Holder, step: string | typeof ANY): string {
  if (step !== ANY) return step;
  const keys = Object.keys(holder);
  return keys.length === 0 ? "" : random.pick(keys);
}
