import type { Random } from "@sortition/dialect-kit/differential";
import {
  ATTRIBUTE_NAMES,
  BAD_PATTERNS,
  BAD_VERSIONS,
  FAMILIES,
  OPERATORS,
  PATTERNS,
  VERSIONS,
} from "./values.js";

export interface GeneratedConfiguration {
  readonly createdAt: string;
  readonly flags: Readonly<Record<string, object>>;
}

export const NOW_MS: number = Date.UTC(2026, 5, 1);

const TYPES = ["STRING", "BOOLEAN", "INTEGER", "NUMERIC", "JSON"] as const;
type Type = (typeof TYPES)[number];

const VALUES: Readonly<Record<Type, readonly unknown[]>> = {
  STRING: ["blue", "", "5"],
  BOOLEAN: [true, false],
  INTEGER: [0, 7, -3],
  NUMERIC: [0.5, 3, -1e21],
  JSON: [{ a: { b: [1, null] } }, [], [1], {}],
};

/** Values that make a flag malformed. */
const BAD_VALUES: readonly unknown[] = [null, 1.5, "x", {}, 2 ** 53];

/** How often a part of a flag is malformed. */
const BAD = 0.01;

export function generateConfiguration(random: Random, index: number): GeneratedConfiguration {
  const count = random.integer(1, 4);
  const flags = random.times(count, (i) => [`flag-${i}`, generateFlag(random, `flag-${i}`)]);
  return { createdAt: new Date(NOW_MS + index).toISOString(), flags: Object.fromEntries(flags) };
}

function generateFlag(random: Random, key: string): object {
  if (random.chance(BAD)) return random.pick([null, [], 5, {}]) as object;
  const type = random.pick(TYPES);
  const variationKeys = ["a", "b", "c"].slice(0, random.integer(1, 3));
  if (random.chance(BAD)) variationKeys.push("");
  const variations = variationKeys.map((it) => [it, variation(random, it, type)]);
  return {
    key: random.chance(0.05) ? "another-key" : key,
    enabled: random.chance(BAD) ? "yes" : random.chance(0.93),
    variationType: random.chance(BAD) ? "ENUM" : type,
    variations: Object.fromEntries(variations),
    ...(random.chance(0.2) ? { totalShards: 10_000 } : {}),
    allocations: random.times(random.integer(0, 4), (i) =>
      generateAllocation(random, `allocation-${i}`, variationKeys),
    ),
  };
}

function variation(random: Random, key: string, type: Type): object {
  const value = random.pick(random.chance(BAD) ? BAD_VALUES : VALUES[type]);
  return { key: random.chance(BAD) ? "other" : key, value };
}

function generateAllocation(random: Random, key: string, variationKeys: readonly string[]): object {
  const named = random.chance(0.03) ? {} : { key };
  return {
    ...named,
    ...(random.chance(0.5) ? { rules: generateRules(random) } : {}),
    ...(random.chance(0.25) ? generateWindow(random) : {}),
    splits: random.times(random.integer(0, 3), () => generateSplit(random, variationKeys)),
    ...(random.chance(0.9) ? { doLog: random.pick([true, true, false, 1, ""]) } : {}),
  };
}

function generateWindow(random: Random): object {
  const bound = (): unknown =>
    random.chance(0.1)
      ? random.pick(["", 0, "tomorrow", null, true, NOW_MS])
      : new Date(NOW_MS + random.pick([-1e7, -1, 0, 1, 1e7])).toISOString();
  const [startAt, endAt] = [bound(), bound()];
  return random.pick([{ startAt }, { endAt }, { startAt, endAt }]);
}

function generateRules(random: Random): unknown {
  if (random.chance(BAD)) return random.pick([null, {}, [null], [{}]]);
  return random.times(random.integer(0, 2), () => ({
    conditions: random.times(random.integer(0, 3), () => generateCondition(random)),
  }));
}

function generateCondition(random: Random): unknown {
  if (random.chance(BAD / 2)) return random.pick([null, {}, { operator: "ONE_OF", value: [] }]);
  const family = random.pick(FAMILIES);
  const operator = random.chance(BAD / 2) ? "CONTAINS" : random.pick<string>(OPERATORS[family]);
  return {
    attribute: random.pick(ATTRIBUTE_NAMES),
    operator,
    value: conditionValue(random, family),
  };
}

function conditionValue(random: Random, family: (typeof FAMILIES)[number]): unknown {
  const isBad = random.chance(BAD / 2);
  switch (family) {
    case "ordering":
      return isBad ? random.pick(["5", null]) : random.pick([5, 0, 17.5, -1, 1000]);
    case "list": {
      if (isBad) return random.pick([["US", 5], "US"]);
      const all = ["US", "5", "true", "null", "", "alice", "1000", "-1"];
      const list = random.times(random.integer(0, 4), () => random.pick(all));
      return random.chance(0.2) ? [...list, ..."abcdefgh"] : list;
    }
    case "pattern":
      return isBad ? random.pick([...BAD_PATTERNS, 5]) : random.pick(PATTERNS);
    case "presence":
      return isBad ? "true" : random.chance(0.5);
    case "version":
      return isBad ? random.pick([...BAD_VERSIONS, 1.2]) : random.pick(VERSIONS);
  }
}

function generateSplit(random: Random, variationKeys: readonly string[]): object {
  const isBad = random.chance(BAD / 2);
  return {
    variationKey: isBad ? "nowhere" : random.pick(variationKeys),
    shards: random.times(random.pick([0, 0, 1, 1, 2]), () => generateShard(random)),
    ...(random.chance(0.5) ? { serialId: random.pick([1, 77, "9", null]) } : {}),
    ...(random.chance(0.1) ? { extraLogging: { holdout: "x" } } : {}),
  };
}

function generateShard(random: Random): object {
  const totalShards = random.pick([10_000, 10_000, 100, 7, 2 ** 32 - 1]);
  if (random.chance(BAD / 2)) {
    return random.pick([
      { salt: "s", ranges: [] },
      { salt: 5, totalShards, ranges: [] },
      { salt: "s", totalShards, ranges: [{ start: 5, end: 1 }] },
      { salt: "s", totalShards: 0, ranges: [] },
      { salt: "s", totalShards: 100, ranges: [{ start: 0, end: 101 }] },
    ]);
  }
  return {
    salt: random.pick(["salt", "other", "", "s\u00e4lt"]),
    totalShards,
    ranges: random.times(random.integer(0, 2), () => {
      const start = random.integer(0, totalShards - 1);
      return { start, end: random.integer(start, totalShards) };
    }),
  };
}
