import type { Random } from "@sortition/dialect-kit/differential";
import type { GeneratedBandits, GeneratedFlag } from "./configurations.js";
import {
  ACTION_NAMES,
  CATEGORICAL_NAMES,
  CATEGORIES,
  INHERITED_NAMES,
  NUMERIC_NAMES,
} from "./models.js";

/** One call of either SDK. Arguments are not checked, so tests can pass any value. */
export interface BanditCall {
  readonly method: "getBanditAction" | "getBanditActionDetails" | "getBestAction";
  readonly flag: GeneratedFlag | null;
  readonly flagKey: string;
  readonly subjectKey: string;
  readonly subject: unknown;
  readonly actions: unknown;
  readonly defaultValue: string;
  readonly overrides: Readonly<Record<string, { key: string; value: string }>> | null;
  readonly edges: readonly string[];
}

type Made = readonly [value: unknown, edge: string];

const SUBJECT_KEYS: readonly Made[] = [
  ["", "subject key: blank"],
  [" ", "subject key: space"],
  ["ü😀", "subject key: not ASCII"],
  ["\ud800", "subject key: lone surrogate"],
];

const ODD_VALUES: readonly Made[] = [
  [null, "value: null"],
  [undefined, "value: undefined"],
  [Number.NaN, "value: NaN"],
  [Number.POSITIVE_INFINITY, "value: Infinity"],
  [-0, "value: -0"],
  ["", "value: empty string"],
  ["31", "value: numeric string"],
  [true, "value: boolean"],
  [1, "value: 1"],
  [["DK"], "value: list"],
  ["\udfff", "value: lone surrogate"],
  [{ toString: () => "DK" }, "value: object with a string form"],
  [Object.create(null), "value: object without a string form"],
];

/** Names of all edge cases of calls. */
export const CALL_EDGES: readonly string[] = [
  ...[...SUBJECT_KEYS, ...ODD_VALUES].map(([, edge]) => edge),
  ...["subject: contextual", "subject: flat", "subject: null", "subject: undefined"],
  ...[
    "subject: numeric null",
    "attributes: some inherited",
    "attribute: own member of an inherited name",
  ],
  ...[
    "actions: contextual",
    "actions: flat",
    "actions: mixed",
    "actions: list",
    "actions: list with repeats",
  ],
  ...[
    "actions: empty list",
    "actions: empty map",
    "actions: null",
    "actions: one is null",
    "actions: one only",
  ],
  ...[
    "action: empty name",
    "action: like an integer",
    "action: inherited name",
    "action: lone surrogate",
  ],
  ...[
    "override: to a bandit",
    "default: a bandit's value",
    "flag: unknown",
    "flag: inherited name",
  ],
];

/** Generates one call for one of the flags. */
export function generateCall(random: Random, bandits: GeneratedBandits): BanditCall {
  const edges: string[] = [];
  const take = <T>([value, edge]: readonly [T, string]): T => {
    edges.push(edge);
    return value;
  };
  const flag = random.chance(0.96) ? random.pick(bandits.flags) : null;
  const unknown: readonly Made[] = [
    ["nothing", "flag: unknown"],
    ["toString", "flag: inherited name"],
  ];
  const isDefaultBandit = random.chance(0.6);
  if (isDefaultBandit) edges.push("default: a bandit's value");
  const isOverridden = random.chance(0.05) && flag !== null;
  if (isOverridden) edges.push("override: to a bandit");
  const subject = subjectOf(random, take);
  const actions = actionsOf(random, take);
  return {
    method: random.chance(0.1)
      ? "getBestAction"
      : random.pick(["getBanditAction", "getBanditActionDetails", "getBanditActionDetails"]),
    flag,
    flagKey: flag === null ? (take(random.pick(unknown)) as string) : flag.key,
    subjectKey: random.chance(0.9)
      ? `user-${random.integer(1, 400)}`
      : (take(random.pick(SUBJECT_KEYS)) as string),
    subject,
    actions,
    defaultValue: isDefaultBandit ? "a" : random.pick(["", "default"]),
    overrides:
      isOverridden && flag !== null
        ? { [flag.key]: { key: "o", value: random.pick(["a", "b", "c"]) } }
        : null,
    edges: [...new Set(edges)],
  };
}

type Take = <T>(made: readonly [T, string]) => T;

function subjectOf(random: Random, take: Take): unknown {
  if (random.chance(0.03)) return take([null, "subject: null"]);
  if (random.chance(0.03)) return take([undefined, "subject: undefined"]);
  if (random.chance(0.03)) {
    return take([{ numericAttributes: null, categoricalAttributes: {} }, "subject: numeric null"]);
  }
  return random.chance(0.6)
    ? take([context(random, take), "subject: contextual"])
    : take([flat(random, take), "subject: flat"]);
}

function context(random: Random, take: Take): object {
  // Sometimes a value is on the wrong side.
  const isCrossed = random.chance(0.1);
  return {
    numericAttributes: attributes(random, isCrossed ? CATEGORICAL_NAMES : NUMERIC_NAMES, take),
    categoricalAttributes: attributes(random, isCrossed ? NUMERIC_NAMES : CATEGORICAL_NAMES, take),
  };
}

function flat(random: Random, take: Take): object {
  return attributes(random, [...NUMERIC_NAMES, ...CATEGORICAL_NAMES], take);
}

function attributes(random: Random, names: readonly string[], take: Take): object {
  const entries = names
    .filter(() => random.chance(0.8))
    .map((name): [string, unknown] => [name, makeValue(random, name, take)]);
  const oddity = random.next();
  if (oddity < 0.005) {
    const own = "attribute: own member of an inherited name";
    entries.push([take([random.pick(INHERITED_NAMES), own]), makeValue(random, "age", take)]);
  } else if (oddity < 0.01) {
    return take([
      Object.assign(Object.create({ age: 7, country: "DK" }), Object.fromEntries(entries)),
      "attributes: some inherited",
    ]);
  }
  return Object.fromEntries(entries);
}

function makeValue(random: Random, name: string, take: Take): unknown {
  if (random.chance(0.02)) return take(random.deal("odd values", ODD_VALUES));
  if (!NUMERIC_NAMES.includes(name)) return random.pick([...CATEGORIES, "unknown"]);
  return random.chance(0.5) ? random.integer(0, 80) : random.next() * 100;
}

function actionsOf(random: Random, take: Take): unknown {
  const names = actionNames(random, take);
  const map = (make: (i: number) => unknown): object =>
    Object.fromEntries(names.map((name, i) => [name, make(i)]));
  const rare = random.integer(1, 100);
  if (rare === 1) return take([[], "actions: empty list"]);
  if (rare === 2) return take([{}, "actions: empty map"]);
  if (rare === 3) return take([null, "actions: null"]);
  if (rare === 4)
    return take([map((i) => (i === 0 ? null : flat(random, take))), "actions: one is null"]);
  if (rare === 5) return take([[...names, ...names], "actions: list with repeats"]);
  if (rare <= 16) return take([names, "actions: list"]);
  if (rare <= 30) {
    return take([
      map((i) => (i % 2 === 0 ? context(random, take) : flat(random, take))),
      "actions: mixed",
    ]);
  }
  return rare <= 55
    ? take([map(() => flat(random, take)), "actions: flat"])
    : take([map(() => context(random, take)), "actions: contextual"]);
}

function actionNames(random: Random, take: Take): string[] {
  const count = random.chance(0.1) ? 1 : random.integer(2, 12);
  const names = new Set<string>();
  while (names.size < count) names.add(random.pick(ACTION_NAMES));
  if (random.chance(0.02)) names.add(take(["\ud800", "action: lone surrogate"]));
  if (random.chance(0.04))
    names.add(take([random.pick(INHERITED_NAMES), "action: inherited name"]));
  if (names.size === 1) take([null, "actions: one only"]);
  if (names.has("")) take([null, "action: empty name"]);
  if ([...names].some((name) => /^\d+$/.test(name))) take([null, "action: like an integer"]);
  return [...names];
}
