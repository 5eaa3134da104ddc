import type { Random } from "@sortition/dialect-kit/differential";
import { FAMILIES, LISTED, OPERATORS, PROPERTY_NAMES, USUAL_NAMES } from "./values.js";

/** A flag as JSON. */
export type Flag = Readonly<Record<string, unknown>>;

/** A body of the cohort endpoint. */
export interface GeneratedCohort {
  readonly cohortId: string;
  readonly groupType: string;
  readonly lastModified: number;
  readonly size: number;
  readonly memberIds: readonly string[];
}

/** Flags and cohorts, and the capacity of the caches that deduplicate tracking. */
export interface GeneratedConfiguration {
  readonly flags: readonly Flag[];
  readonly cohorts: readonly GeneratedCohort[];
  readonly cacheCapacity: number;
}

/** Ids of users that cohorts may contain. */
export const USER_IDS: readonly string[] = ["u1", "u2", "ü3", "u4", "42", ""];
/** Names of groups that cohorts may contain. */
export const GROUP_NAMES: readonly string[] = ["acme", "globex", "ünited"];
/** Types of groups. */
export const GROUP_TYPES: readonly string[] = ["org", "org name", "User"];
const COHORT_IDS: readonly string[] = ["c1", "c2", "c3", "missing", "(none)", "true", ""];
const VARIANTS: readonly string[] = ["on", "off", "control", "treatment", "numeric", "odd"];

const FULL = 42_949_673;

/** Generates a configuration. Some have dependencies, and one in ten has a cycle. */
export function generateConfiguration(random: Random, index: number): GeneratedConfiguration {
  const count = random.integer(1, 6);
  const keys = random.times(count, (i) => flagKey(random, i));
  const hasCycle = index % 10 === 7;
  const flags = keys.map((key, i) =>
    generateFlag(random, key, keys.slice(0, i), hasCycle && i === 0 ? keys : null),
  );
  return {
    flags: random.chance(0.5) ? flags : [...flags].reverse(),
    cohorts: ["c1", "c2", "c3", "true"].flatMap((id) =>
      random.chance(0.8) ? [generateCohort(random, id)] : [],
    ),
    cacheCapacity: random.pick([0, 1, 2, 100]),
  };
}

function flagKey(random: Random, index: number): string {
  return random.chance(0.2)
    ? String(index * 7)
    : `flag-${index}${random.pick(["", " ", ".x", "Ü"])}`;
}

function generateCohort(random: Random, cohortId: string): GeneratedCohort {
  const groupType = random.pick(["User", "User", "org", "org name"]);
  const ids = groupType === "User" ? USER_IDS : GROUP_NAMES;
  const memberIds = [...ids, ...GROUP_NAMES].filter(() => random.chance(0.5));
  return { cohortId, groupType, lastModified: 1, size: memberIds.length, memberIds };
}

function generateFlag(
  random: Random,
  key: string,
  earlier: readonly string[],
  cycle: readonly string[] | null,
): Flag {
  const dependencies =
    cycle !== null
      ? [random.pick([key, ...cycle])]
      : random.chance(0.4) && earlier.length > 0
        ? [random.pick(earlier), ...(random.chance(0.2) ? ["no-such-flag"] : [])]
        : random.pick([undefined, null, []]);
  return {
    key,
    variants: generateVariants(random),
    segments: random.times(random.integer(0, 4), (i) =>
      generateSegment(random, i, (dependencies ?? []) as readonly string[]),
    ),
    ...(dependencies === undefined ? {} : { dependencies }),
    ...(random.chance(0.7) ? { metadata: flagMetadata(random) } : {}),
  };
}

function flagMetadata(random: Random): object {
  return {
    flagVersion: random.pick([0, 1, 12, "3"]),
    ...(random.chance(0.8)
      ? {
          flagType: random.pick([
            "release",
            "experiment",
            "mutual-exclusion-group",
            "holdout-group",
          ]),
        }
      : {}),
    ...(random.chance(0.3) ? { experimentKey: random.pick(["exp-1", ""]) } : {}),
    ...(random.chance(0.2) ? { trackExposure: random.pick([true, false, null, 0]) } : {}),
    ...(random.chance(0.1) ? { deployed: false, default: random.pick([true, false]) } : {}),
  };
}

function generateVariants(random: Random): object {
  const variants: Record<string, unknown> = {
    on: { key: "on", value: "on", payload: { n: [1, { deep: null }] } },
    off: { key: "off", metadata: { default: true } },
    control: { key: "control", value: random.pick([12.5, false, { a: 1 }, null, "", 0]) },
    treatment: { value: "keyless", metadata: { segmentName: "from variant", extra: 1 } },
    numeric: { key: "numeric", value: 7, unknown: ["kept"] },
    odd: random.pick([null, { key: "" }, { key: " padded " }, { key: 5 }, {}]),
  };
  return Object.fromEntries(Object.entries(variants).filter(() => random.chance(0.85)));
}

function generateSegment(random: Random, index: number, dependencies: readonly string[]): object {
  return {
    ...(random.chance(0.8) ? { conditions: generateConditions(random, dependencies) } : {}),
    ...(random.chance(0.5) ? { bucket: generateBucket(random) } : {}),
    ...(random.chance(0.8) ? { variant: random.pick([...VARIANTS, "no-such-variant"]) } : {}),
    ...(random.chance(0.7)
      ? { metadata: { segmentName: random.pick([`Segment ${index}`, ""]) } }
      : {}),
  };
}

function generateConditions(random: Random, dependencies: readonly string[]): unknown {
  if (random.chance(0.1)) return random.pick([null, [], [[]]]);
  return random.times(random.integer(1, 2), () =>
    random.times(random.integer(1, 2), () => generateCondition(random, dependencies)),
  );
}

function generateCondition(random: Random, dependencies: readonly string[]): object {
  if (random.chance(0.2)) return cohortCondition(random);
  const family = random.pick(FAMILIES);
  const count = random.pick([0, 1, 1, 1, 2, 3]);
  const values = random.times(count, () => random.pick(LISTED[family]));
  const op = random.pick<string>(OPERATORS[family]);
  if (dependencies.length > 0 && random.chance(0.5)) {
    const key = random.pick(dependencies);
    const member = random.pick([
      ["key"],
      ["value"],
      ["metadata", "segmentName"],
      [],
      ["payload", "n", "0"],
    ]);
    const listed = [...values, random.pick(["on", "off", "control", "12.5", "1"])];
    return { selector: ["result", key, ...member], op, values: listed };
  }
  const usual = random.chance(0.7) ? USUAL_NAMES[family] : undefined;
  const selector =
    usual === undefined ? generateSelector(random) : ["context", "user", "user_properties", usual];
  return { selector, op, values };
}

function cohortCondition(random: Random): object {
  const isUser = random.chance(0.6);
  const group = random.pick(GROUP_TYPES);
  const selector = isUser
    ? ["context", "user", "cohort_ids"]
    : ["context", "groups", group, "cohort_ids"];
  const values = random.times(random.integer(0, 3), () => random.pick(COHORT_IDS));
  const op = random.chance(0.85)
    ? random.pick(["set contains any", "set does not contain any"])
    : random.pick(["set contains", "is", "set is", "does not contain"]);
  return { selector, op, values };
}

function generateSelector(random: Random): readonly string[] {
  const name = random.pick(PROPERTY_NAMES);
  return random.pick([
    ["context", "user", "user_properties", name],
    ["context", "user", "user_properties", name],
    ["context", "user", "user_properties", name],
    ["context", "user", "user_properties", name, random.pick(["0", "length", "nested", "a"])],
    [
      "context",
      "user",
      random.pick(["country", "device_id", "user_id", "version", "custom", "groups"]),
    ],
    ["context", "groups", random.pick(GROUP_TYPES), "group_name"],
    ["context", "groups", random.pick(GROUP_TYPES), "group_properties", name],
    random.pick([
      [],
      ["context"],
      ["context", "user"],
      ["context", "groups"],
      ["context", "", "x"],
    ]),
    random.pick([
      ["result"],
      ["other", "x"],
      ["context", "groups", "org"],
      ["context", "user", "user_properties"],
    ]),
  ]);
}

function generateBucket(random: Random): object {
  const selector = random.pick([
    ["context", "user", "user_id"],
    ["context", "user", "device_id"],
    ["context", "user", "user_properties", random.pick(PROPERTY_NAMES)],
    ["context", "groups", "org", "group_name"],
  ]);
  const allocations = random.times(random.integer(0, 2), () => {
    const [start, end] = random.pick([
      [0, 100],
      [0, 50],
      [50, 100],
      [0, 33.5],
      [0, 0],
    ]) as [number, number];
    const cut = random.integer(0, FULL);
    const [a, b] = [random.pick(VARIANTS), random.pick(VARIANTS)];
    const distributions = [
      { variant: a, range: [0, cut] },
      ...(random.chance(0.7) ? [{ variant: b, range: [cut, FULL] }] : []),
    ];
    return { range: [start, end], distributions };
  });
  return { selector, salt: random.pick(["salt", "", "sälz", "0123456789"]), allocations };
}
