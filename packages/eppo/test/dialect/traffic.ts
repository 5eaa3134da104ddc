import { createHash } from "node:crypto";
import {
  type Edge,
  edges,
  jsonObject,
  MISSING,
  pickEdge,
  type Random,
  rawNumber,
} from "@sortition/dialect-kit/differential";
import { ORDINARY_KEYS } from "./subjects.js";

/** Size of the shard space of a flag. */
const TOTALS: readonly Edge[] = edges({
  "totalShards: 1": 1,
  "totalShards: 7": 7,
  "totalShards: 0": 0,
  "totalShards: negative": -5,
  "totalShards: float": 2.5,
  "totalShards: beyond 2^32": 2 ** 40,
  "totalShards: numeric string": "100",
  "totalShards: null": null,
  "totalShards: missing": MISSING,
});
const NORMAL_TOTALS: readonly Edge[] = [{ name: "totalShards: 10000", value: 10_000 }];

const RANGE_EDGES = {
  whole: "range: whole",
  part: "range: part",
  none: "range: none",
  empty: "range: empty",
  inverted: "range: inverted",
  overlapping: "range: overlapping",
  negative: "range: negative start",
  beyond: "range: end beyond all shards",
  infinite: "range: end beyond doubles",
  float: "range: float",
  startsAt: "range: starts at the shard",
  endsAt: "range: ends at the shard",
  first: "range: first shard",
  last: "range: last shard",
} as const;

const SPLIT_EDGES = {
  noShards: "split: no shards",
  severalShards: "split: several shards",
  none: "splits: none",
  several: "splits: several",
  unknownVariation: "split: unknown variation",
  inheritedVariation: "split: variation of an inherited name",
  salt: "shard: salt beyond ASCII",
  emptySalt: "shard: empty salt",
} as const;

/** Values of extra logging. */
const EXTRAS: readonly Edge[] = edges({
  "extraLogging: a holdout": { holdoutKey: "h", holdoutVariation: "status_quo" },
  "extraLogging: empty": {},
  "extraLogging: null": null,
  "extraLogging: name of a fixed field": { allocation: "x", subject: "y", messageId: "z" },
  "extraLogging: name of metaData": { metaData: "x", evaluationDetails: "y", timestamp: "z" },
  "extraLogging: __proto__": jsonObject([["__proto__", "x"]]),
  "extraLogging: value that is not a string": { holdoutKey: 5 },
});

/** Names of all edge cases of splits. */
export const TRAFFIC_EDGES: readonly string[] = [
  ...[...TOTALS, ...NORMAL_TOTALS, ...EXTRAS].map(({ name }) => name),
  ...Object.values(RANGE_EDGES),
  ...Object.values(SPLIT_EDGES),
];

/** Splits of an allocation, and their edge cases. */
export interface GeneratedSplits {
  readonly wire: unknown;
  readonly edges: readonly string[];
}

/** Generates the size of a flag's shard space. */
export function generateTotalShards(random: Random): Edge {
  return random.chance(0.75) ? random.pick(NORMAL_TOTALS) : random.pick(TOTALS);
}

/** Generates the splits of one allocation. */
export function generateSplits(
  random: Random,
  variationKeys: readonly string[],
  totalShards: unknown,
): GeneratedSplits {
  const odd: string[] = [];
  const count = random.chance(0.03) ? 0 : random.chance(0.5) ? 1 : random.integer(2, 3);
  if (count === 0) odd.push(SPLIT_EDGES.none);
  if (count > 1) odd.push(SPLIT_EDGES.several);
  const size = typeof totalShards === "number" && totalShards > 0 ? totalShards : 10_000;
  const wire = random.times(count, () => {
    const shardCount = random.chance(0.3) ? 0 : random.chance(0.75) ? 1 : random.integer(2, 3);
    if (shardCount === 0) odd.push(SPLIT_EDGES.noShards);
    if (shardCount > 1) odd.push(SPLIT_EDGES.severalShards);
    const extra = pickEdge(random, [{ name: "", value: MISSING }], EXTRAS);
    if (extra.name !== "") odd.push(extra.name);
    return jsonObject([
      ["shards", random.times(shardCount, () => generateShard(random, size, odd))],
      ["variationKey", generateVariationKey(random, variationKeys, odd)],
      ["extraLogging", extra.value],
    ]);
  });
  return { wire, edges: odd };
}

function generateVariationKey(
  random: Random,
  variationKeys: readonly string[],
  odd: string[],
): unknown {
  if (random.chance(0.02)) {
    odd.push(SPLIT_EDGES.unknownVariation);
    return "no-such-variation";
  }
  if (random.chance(0.01)) {
    odd.push(SPLIT_EDGES.inheritedVariation);
    return "constructor";
  }
  return random.pick(variationKeys);
}

function generateShard(random: Random, size: number, odd: string[]): unknown {
  const salt = random.pick(["salt", "salt", "flag-a-1", "ünïcode 😀", ""]);
  if (salt === "") odd.push(SPLIT_EDGES.emptySalt);
  if (salt.startsWith("ü")) odd.push(SPLIT_EDGES.salt);
  return { salt, ranges: generateRanges(random, salt, size, odd) };
}

function generateRanges(random: Random, salt: string, size: number, odd: string[]): unknown {
  const shard = shardOf(salt, random.pick(ORDINARY_KEYS), size);
  const cut = random.integer(0, size);
  const ranges: Readonly<Record<keyof typeof RANGE_EDGES, readonly unknown[]>> = {
    whole: [{ start: 0, end: size }],
    part: [{ start: 0, end: cut }],
    none: [],
    empty: [{ start: cut, end: cut }],
    inverted: [{ start: size, end: 0 }],
    overlapping: [
      { start: 0, end: size * 0.6 },
      { start: size * 0.4, end: size },
    ],
    negative: [{ start: -5, end: cut }],
    beyond: [{ start: cut, end: size * 10 }],
    infinite: [{ start: cut, end: rawNumber("1e999") }],
    float: [{ start: 0.5, end: cut + 0.5 }],
    startsAt: [{ start: shard, end: shard + 1 }],
    endsAt: [{ start: 0, end: shard }],
    first: [{ start: 0, end: 1 }],
    last: [{ start: size - 1, end: size }],
  };
  const kind = random.chance(0.5)
    ? random.pick(["whole", "part"] as const)
    : random.pick(Object.keys(RANGE_EDGES) as (keyof typeof RANGE_EDGES)[]); // its own keys
  odd.push(RANGE_EDGES[kind]);
  return ranges[kind];
}

/** Computes the shard of a subject with the formula in the vendor's documentation. */
function shardOf(salt: string, subjectKey: string, size: number): number {
  return createHash("md5").update(`${salt}-${subjectKey}`).digest().readUInt32BE(0) % size;
}
