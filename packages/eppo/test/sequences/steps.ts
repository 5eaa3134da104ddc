import type { Random } from "@sortition/dialect-kit/differential";
import type { EppoClient } from "../../src/index.js";
import { ACTIONS, type Bodies, FLAG_KEYS, generateBodies, VALUES } from "./configurations.js";

/**
 * Placeholder for an argument that each side creates separately, such as a logger, or shares
 * between calls.
 */
export interface Made {
  readonly made: string;
  readonly of: unknown;
}

/** A store with the flags of one of the bodies. */
export interface StoreOf {
  readonly body: number;
  readonly isExpired: boolean;
}

/** A call of the client. */
export interface Call {
  readonly do: keyof EppoClient;
  readonly given: readonly unknown[];
}

/** A step of a program. */
export type Step =
  | Call
  | { readonly do: "serve"; readonly answer: string; readonly body: number }
  | { readonly do: "wait"; readonly ms: number }
  | {
      readonly do: "change attributes";
      readonly user: number;
      readonly name: string;
      readonly value: unknown;
    }
  | { readonly do: "change overrides"; readonly overrides: Overrides }
  | { readonly do: "init" | "original" | "change result" };

type Overrides = Readonly<Record<string, { readonly key: string; readonly value: unknown }>>;

/** A subject, whose attributes are the same object in all calls. */
export interface User {
  readonly key: unknown;
  readonly attributes: Record<string, unknown>;
}

/** A program: the server's responses, the options of `init`, and the steps. */
export interface Program {
  readonly bodies: readonly Bodies[];
  readonly users: readonly User[];
  readonly config: Readonly<Record<string, unknown>>;
  readonly answer: string;
  readonly steps: readonly Step[];
}

/** Replies of a server. */
export const ANSWERS: readonly string[] = ["flags", "500", "reset", "garbage", "hang"];

const TYPES: readonly string[] = ["String", "Boolean", "Integer", "Numeric", "JSON"];
const FALLBACKS: Readonly<Record<string, readonly unknown[]>> = {
  String: ["default", ""],
  Boolean: [true, false],
  Integer: [5, 0],
  Numeric: [1.5, 0],
  JSON: [{ a: 1 }, {}],
};
const NO_FALLBACKS: readonly unknown[] = [null, undefined];

const made = (name: string, of: unknown = null): Made => ({ made: name, of });

/** Generates the arguments of each method. */
const CALLS: Readonly<Partial<Record<keyof EppoClient, (random: Random) => unknown[]>>> = {
  ...Object.fromEntries(
    TYPES.flatMap((type) =>
      ["", "Details"].map((suffix) => [
        `get${type}Assignment${suffix}`,
        (random: Random) => {
          const [flagKey, subjectKey, attributes] = asked(random, type.toUpperCase());
          return [
            ...[flagKey, subjectKey],
            random.chance(0.97) ? attributes : random.pick([null, undefined]),
            random.pick(random.chance(0.9) ? (FALLBACKS[type] ?? []) : NO_FALLBACKS),
          ];
        },
      ]),
    ),
  ),
  getBoolAssignment: (random) => [...asked(random, "BOOLEAN"), random.chance(0.5)],
  getBanditAction: (random) => choice(random),
  getBanditActionDetails: (random) => choice(random),
  getBestAction: (random) => {
    const [flagKey, , attributes, ...rest] = choice(random);
    return [flagKey, attributes, ...rest];
  },
  getAssignmentDetail: (random) => [
    ...asked(random, random.pick(FLAG_KEYS)),
    random.pick([undefined, "STRING", "JSON", "BOOLEAN", "nothing"]),
  ],
  getPrecomputedConfiguration: (random) => {
    const [, subjectKey, attributes] = asked(random, "");
    return [subjectKey, attributes, { offer: actions(random) }, random.pick(["salt", ""])];
  },
  getExperimentContainerEntry: (random) => {
    const [, subjectKey, attributes] = asked(random, "");
    const treatmentVariationEntries = random.pick([["t1"], ["t1", "t2"]]);
    const entries = { controlVariationEntry: "c", treatmentVariationEntries };
    return [{ flagKey: "container", ...entries }, subjectKey, attributes];
  },
  getFlagKeys: () => [],
  getFlagConfigurations: () => [],
  isInitialized: () => [],
  getOverrideVariationKeys: () => [],
  setAssignmentLogger: (random) => [logger(random)],
  setLogger: (random) => [logger(random)],
  setBanditLogger: (random) => [logger(random)],
  disableAssignmentCache: () => [],
  useNonExpiringInMemoryAssignmentCache: () => [],
  useLRUInMemoryAssignmentCache: (random) => [random.integer(0, 3)],
  useCustomAssignmentCache: () => [made("cache", "assignments")],
  disableBanditAssignmentCache: () => [],
  useNonExpiringInMemoryBanditAssignmentCache: () => [],
  useExpiringInMemoryBanditAssignmentCache: (random) => [
    ...[random.integer(1, 3), random.pick([undefined, 500, 2_000])],
  ],
  useCustomBanditAssignmentCache: () => [made("cache", "bandits")],
  setIsGracefulFailureMode: (random) => [random.chance(0.5)],
  withOverrides: (random) => [random.chance(0.9) ? overrides(random) : undefined],
  setOverrideStore: (random) => [made("override store", overrides(random))],
  unsetOverrideStore: () => [],
  setFlagConfigurationStore: (random) => [
    made("flag store", { body: random.integer(0, 1), isExpired: random.chance(0.7) }),
  ],
  setEventDispatcher: () => [made("dispatcher")],
  setContext: (random) => ["release", random.pick(["1.0", 5, true, null])],
  track: () => ["purchase", { amount: 5 }],
  parseOverrides: (random) => [random.pick([undefined, "", "{", "{}"])],
  setConfigurationRequestParameters: (random) => [
    random.chance(0.1) ? undefined : made("request parameters", parameters(random)),
  ],
  fetchFlagConfigurations: () => [],
  stopPolling: () => [],
};

/** Names of all steps. */
export const STEPS: readonly string[] = [
  ...Object.keys(CALLS),
  ...["init", "serve", "wait", "original", "change attributes", "change overrides"],
  "change result",
];

/** Half of the steps are getters. */
const QUESTIONS: readonly string[] = Object.keys(CALLS).filter((name) => /^get.*A/.test(name));

/** Generates a program. */
export function generateProgram(random: Random): Program {
  const hasBandits = random.chance(0.6);
  return {
    bodies: random.times(2, () => generateBodies(random, hasBandits)),
    users: random.times(2, () => generateUser(random)),
    config: generateConfig(random),
    answer: random.chance(0.85) ? "flags" : random.deal("first answers", ANSWERS),
    steps: random.times(random.integer(3, 15), () => generateStep(random)),
  };
}

function generateConfig(random: Random): Record<string, unknown> {
  return {
    // Without this option, the delays after failed polls differ on purpose.
    numPollRequestRetries: random.integer(0, 2),
    numInitialRequestRetries: random.pick([0, 1, undefined]),
    pollingIntervalMs: random.pick([500, 1_000]),
    requestTimeoutMs: random.pick([300, 2_000]),
    throwOnFailedInitialization: random.pick([true, false, undefined]),
    pollAfterFailedInitialization: random.pick([true, false, undefined]),
    assignmentLogger: random.chance(0.8) ? made("logger", "works") : undefined,
    banditLogger: random.chance(0.6) ? made("logger", "works") : undefined,
  };
}

function parameters(random: Random): Record<string, unknown> {
  const { assignmentLogger: _, banditLogger: __, ...rules } = generateConfig(random);
  return {
    ...rules,
    pollAfterSuccessfulInitialization: random.pick([true, false, undefined]),
    skipInitialPoll: random.pick([true, false, undefined]),
  };
}

function generateUser(random: Random): User {
  const some = (chance: number, members: object): object => (random.chance(chance) ? members : {});
  return {
    key: random.chance(0.93)
      ? random.pick(["alice", "bob", "carol"])
      : random.pick(["", null, undefined, 5]),
    attributes: {
      ...some(0.6, { plan: random.pick(["pro", "free", 5, true, null, ""]) }),
      ...some(0.6, { age: random.pick([20, 30, "40", null]) }),
      ...some(0.3, { version: random.pick(["1.2.3", "1.0.0", "none"]) }),
      ...some(0.1, { id: "bob" }),
    },
  };
}

function asked(random: Random, usual: string): unknown[] {
  const user = random.integer(0, 1);
  const otherKey = random.chance(0.3)
    ? random.pick(["", null, undefined, 5, "unknown"])
    : random.pick(FLAG_KEYS);
  return [
    random.chance(0.85) ? usual : otherKey,
    made("subject key", user),
    made("attributes", user),
  ];
}

function choice(random: Random): unknown[] {
  const [flagKey, subjectKey, attributes] = asked(random, "offer");
  const context = {
    numericAttributes: { age: random.pick([10, 50]) },
    categoricalAttributes: { plan: "pro" },
  };
  const fallback = random.pick(["bandit-1", "default"]);
  return [
    ...[flagKey, subjectKey],
    random.chance(0.3) ? context : attributes,
    ...[actions(random), fallback],
  ];
}

function actions(random: Random): unknown {
  if (random.chance(0.02)) return null;
  const names = [...ACTIONS, "new"].filter(() => random.chance(0.7));
  if (random.chance(0.4)) return names;
  const price = (): number => random.integer(1, 9);
  const isContextual = random.chance(0.5);
  const attributesOf = (): object =>
    isContextual
      ? { numericAttributes: { price: price() }, categoricalAttributes: { size: "xl" } }
      : { price: price(), size: "xl" };
  return Object.fromEntries(names.map((name) => [name, attributesOf()]));
}

function logger(random: Random): Made | null {
  return random.chance(0.85)
    ? made("logger", random.pick(["works", "works", "throws", "rejects", "throws once"]))
    : null;
}

function overrides(random: Random): Overrides {
  const keys = FLAG_KEYS.filter(() => random.chance(0.2));
  return Object.fromEntries(
    keys.map((key) => [
      key,
      {
        key: random.pick(["forced", "v0"]),
        value: random.pick(random.chance(0.9) ? (VALUES[key] ?? []) : ["text", 5, null]),
      },
    ]),
  );
}

function generateStep(random: Random): Step {
  const name = random.chance(0.5) ? random.pick(QUESTIONS) : random.deal("steps", STEPS);
  switch (name) {
    case "serve":
      return {
        do: name,
        answer: random.chance(0.6) ? "flags" : random.deal("answers", ANSWERS),
        body: random.integer(0, 1),
      };
    case "wait":
      return { do: name, ms: random.pick([400, 1_100, 2_600]) };
    case "change attributes":
      return {
        do: name,
        user: random.integer(0, 1),
        name: random.pick(["plan", "age"]),
        value: random.pick(["pro", "free", 20, 40, null, undefined]),
      };
    case "change overrides":
      return { do: name, overrides: overrides(random) };
    case "init":
    case "original":
    case "change result":
      return { do: name };
    default: {
      const method = name as keyof EppoClient; // all others are listed above
      return { do: method, given: CALLS[method]?.(random) ?? [] };
    }
  }
}
