import type { FlagDefinition, FlagType, HashedSplit, Json, Rule, Test } from "./definition.js";
import { type JsonObject, objectOf } from "./json-object.js";
import { type Part, partsOf } from "./shards.js";
import { type Step, stepsOf } from "./steps.js";
import { withMember } from "./with-flag.js";
import { FormatError, type Writer } from "./writer.js";

const FORMAT = "GrowthBook";
/** Hash version 2 has 10,000 values. */
const HASH = { hashAttribute: "id", hashVersion: 2 } as const;
const HASH_VALUES = 10_000;

/** Writes GrowthBook's features. */
export const growthbookWriter: Writer = {
  format: FORMAT,
  empty: { flags: { status: 200, dateUpdated: "2026-01-01T00:00:00.000Z", features: {} } },
  // A feature has no type, so it is derived from the default value.
  typeOf(parts, key) {
    const feature = objectOf(objectOf(objectOf(parts["flags"])["features"])[key]);
    const type = typeof feature["defaultValue"];
    if (type === "object") return "json";
    return TYPES.find((it) => it === type) ?? null;
  },
  withFlag(parts, flag) {
    const { key, state } = flag;
    if (state === "disabled") {
      throw new FormatError(
        `${FORMAT} does not send features that are switched off. Use missing() instead`,
      );
    }
    return withMember(parts, "features", key, state === "missing" ? null : featureWire(flag));
  },
};

const TYPES: readonly FlagType[] = ["boolean", "string", "number"];

function featureWire(flag: FlagDefinition): JsonObject {
  const { otherwise, rules, state } = flag;
  if (state === "malformed") return { rules: "malformed" };
  const isGiven = otherwise?.kind === "give";
  const steps = stepsOf({ rules, otherwise: isGiven ? null : otherwise });
  return {
    ...(isGiven ? { defaultValue: valueIn(flag, otherwise.variation) } : {}),
    rules: steps.flatMap((step) => rulesWire(flag, step)),
  };
}

function rulesWire(flag: FlagDefinition, step: Step): readonly Json[] {
  const { name: id, outcome } = step;
  const condition = conditionOf(step);
  const head = { id, ...(Object.keys(condition).length === 0 ? {} : { condition }) };
  if (outcome.kind === "give") return [{ ...head, force: valueIn(flag, outcome.variation) }];
  const key = `${flag.key}-${id}`;
  const { salt: seed = key } = outcome;
  const parts = partsOf(outcome, HASH_VALUES, FORMAT);
  return outcome.isExperiment
    ? [{ ...head, ...experimentWire(flag, outcome, parts), key, seed, ...HASH }]
    : parts.map((part) => ({
        ...head,
        force: valueIn(flag, part.variation),
        range: rangeOf(part),
        seed,
        ...HASH,
      }));
}

function experimentWire(
  flag: FlagDefinition,
  { shares, traffic }: HashedSplit,
  parts: readonly Part[],
): JsonObject {
  // An experiment needs two variations. If there is only one share, the second variation gets no subjects.
  const last = parts.at(-1) as Part; // a split has at least one share
  const all = shares.length === 1 ? [last, { ...last, start: last.end }] : parts;
  return {
    variations: all.map(({ variation }) => valueIn(flag, variation)),
    ...(traffic === undefined
      ? { ranges: all.map(rangeOf) }
      : { coverage: traffic / 100, weights: shares.map(({ percent }) => percent / 100) }),
    meta: all.map(({ variation }) => ({ key: variation })),
  };
}

function rangeOf({ end, start }: Part): Json {
  return [start / HASH_VALUES, end / HASH_VALUES];
}

function valueIn({ variations }: FlagDefinition, variation: string): Json {
  return variations.get(variation) ?? null;
}

function conditionOf({ conditions, subjects }: Rule): JsonObject {
  const tests = conditions.map(({ attribute, test }) => [attribute, testWire(test)] as const);
  // Sortition's clients set the attribute `id` of each subject to its key, as applications do for GrowthBook.
  return {
    ...Object.fromEntries(tests),
    ...(subjects === null ? {} : { id: { $in: subjects } }),
  };
}

function testWire(test: Test): JsonObject {
  switch (test.kind) {
    case "one-of":
      return { $in: test.values };
    case "none-of":
      return { $nin: test.values };
    case "matches":
      return { $regex: test.pattern };
    case "does-not-match":
      return { $not: { $regex: test.pattern } };
    case "present":
    case "absent":
      return { $exists: test.kind === "present" };
    default: {
      const isVersion = typeof test.value === "string";
      return { [`$${isVersion ? "v" : ""}${test.kind}`]: test.value };
    }
  }
}
