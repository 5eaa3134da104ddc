import type { Random } from "@sortition/dialect-kit/differential";
import type { StickyAssignmentsDocument } from "../../src/dialect/wire.js";
import { generateCondition } from "./conditions.js";
import {
  CONDITIONS,
  EXPERIMENTS,
  FEATURES,
  generateExperiment,
  generateParents,
} from "./payloads.js";
import { anyList, anyValue, IDS } from "./values.js";

type Members = Record<string, unknown>;

/** Several evaluations of one user. */
export interface Session {
  /** Either an instance with options, or calls of the multi-user client, which may have sticky buckets. */
  readonly kind: "instance" | "client";
  readonly options: {
    readonly attributes: Members;
    readonly attributeOverrides?: Members;
    readonly url?: string;
    readonly qaMode?: boolean;
    readonly enabled?: boolean;
    readonly forcedVariations?: Record<string, number>;
    readonly forcedFeatureValues?: ReadonlyMap<string, unknown>;
    readonly overrides?: Members;
    readonly groups?: Record<string, boolean>;
  };
  /** `null` without sticky buckets. */
  readonly docs: Readonly<Record<string, StickyAssignmentsDocument>> | null;
  readonly asked: readonly Asked[];
}

/** A feature, an experiment in code, or a condition by its index. */
export type Asked =
  | { readonly feature: string }
  | { readonly experiment: Members }
  | { readonly condition: number };

const URLS: readonly string[] = [
  "https://example.com/path?exp-a=1",
  "https://example.com/path?exp-b=0&exp-a=5#x",
  "http://example.com/other/#frag?exp-a=1",
  "/relative?exp-c=1x",
  "not a url",
  "https://example.com/path?x=1?exp-a=1",
];

const KINDS: readonly Session["kind"][] = ["instance", "client"];
const ASKED_FEATURES: readonly string[] = [...FEATURES, "none"];
const ASKED_CONDITIONS: readonly number[] = Array.from({ length: CONDITIONS }, (_, i) => i);

/** Generates a user and calls. Consecutive sessions cover all features and conditions in turn. */
export function generateSession(random: Random): Session {
  const kind = random.deal("kinds", KINDS);
  const attributes = generateAttributes(random);
  const options = {
    attributes,
    ...(random.chance(0.1) ? { attributeOverrides: generateAttributes(random) } : {}),
    ...(random.chance(0.3) ? { url: random.pick(URLS) } : {}),
    ...(random.chance(0.1) ? { qaMode: true } : {}),
    ...(random.chance(0.05) ? { enabled: false } : {}),
    ...(random.chance(0.2)
      ? { forcedVariations: { [random.pick(EXPERIMENTS)]: random.integer(-1, 3) } }
      : {}),
    ...(random.chance(0.15)
      ? { forcedFeatureValues: new Map([[random.pick(FEATURES), anyValue(random)]]) }
      : {}),
    ...(kind === "instance" && random.chance(0.2) ? { overrides: generateOverrides(random) } : {}),
    ...(kind === "instance" && random.chance(0.2) ? { groups: { beta: random.chance(0.5) } } : {}),
  };
  return {
    kind,
    options,
    docs: kind === "client" && random.chance(0.8) ? generateDocs(random, attributes) : null,
    asked: [
      ...random.times(random.integer(1, 3), () =>
        random.chance(0.75)
          ? { feature: random.deal("features asked", ASKED_FEATURES) }
          : { experiment: generateInline(random) },
      ),
      ...random.times(3, () => ({ condition: random.deal("conditions asked", ASKED_CONDITIONS) })),
    ],
  };
}

function generateAttributes(random: Random): Members {
  return {
    ...(random.chance(0.95) ? { id: random.pick(IDS) } : {}),
    ...(random.chance(0.5) ? { country: anyValue(random) } : {}),
    ...(random.chance(0.5) ? { age: anyValue(random) } : {}),
    ...(random.chance(0.6) ? { tags: random.pick([anyList, anyValue])(random) } : {}),
    ...(random.chance(0.5) ? { version: anyValue(random) } : {}),
    ...(random.chance(0.5) ? { deep: { inner: anyValue(random) } } : {}),
    ...(random.chance(0.3) ? { company: random.pick(["acme", "umbrella", 5]) } : {}),
    ...(random.chance(0.3) ? { device: random.pick(["d1", "d2"]) } : {}),
    ...(random.chance(0.03) ? { missing: undefined } : {}),
  };
}

function generateOverrides(random: Random): Members {
  return {
    [random.pick(EXPERIMENTS)]: {
      ...(random.chance(0.3) ? { force: random.integer(0, 2) } : {}),
      ...(random.chance(0.3) ? { coverage: random.pick([0, 0.5, 1]) } : {}),
      ...(random.chance(0.3)
        ? {
            weights: random.pick([
              [0.1, 0.9],
              [1, 0],
            ]),
          }
        : {}),
      ...(random.chance(0.3) ? { status: random.pick(["draft", "running", "stopped"]) } : {}),
      ...(random.chance(0.2) ? { url: random.pick(["/path", "(", "^/other"]) } : {}),
      ...(random.chance(0.2) ? { active: random.chance(0.5) } : {}),
      ...(random.chance(0.2) ? { groups: ["beta"] } : {}),
      ...(random.chance(0.2) ? { condition: generateCondition(random) } : {}),
      ...(random.chance(0.2) ? { key: random.pick(EXPERIMENTS) } : {}),
      ...(random.chance(0.2)
        ? { variations: random.pick([["x"], ["x", "y"], ["x", "y", "z"]]) }
        : {}),
      ...(random.chance(0.1) ? { meta: [{ key: "m0" }, { key: "m1" }, { key: "m2" }] } : {}),
      ...(random.chance(0.1) ? { seed: "replaced", hashVersion: 2 } : {}),
    },
  };
}

function generateInline(random: Random): Members {
  const {
    contextualBanditRef: _,
    contextualVariations,
    ...experiment
  } = generateExperiment(random);
  return {
    key: random.pick(EXPERIMENTS),
    ...(contextualVariations === undefined ? {} : { variations: contextualVariations }),
    ...experiment,
    ...(random.chance(0.2) ? { hashVersion: 2 } : {}),
    ...(random.chance(0.2) ? { condition: generateCondition(random) } : {}),
    ...(random.chance(0.2) ? { parentConditions: generateParents(random) } : {}),
    ...(random.chance(0.2) ? { status: random.pick(["draft", "running", "stopped"]) } : {}),
    ...(random.chance(0.1) ? { active: false } : {}),
    ...(random.chance(0.1) ? { groups: ["beta", "other"] } : {}),
    ...(random.chance(0.1) ? { include: random.pick([yes, no, fail]) } : {}),
    ...(random.chance(0.1) ? { url: random.pick([/path/, /^\/other/]) } : {}),
    ...(random.chance(0.2) ? { force: random.pick([0, 1, 7, undefined]) } : {}),
    ...(random.chance(0.2) ? { urlPatterns: generatePatterns(random) } : {}),
    ...(random.chance(0.2) ? { fallbackAttribute: "device" } : {}),
  };
}

const yes = (): boolean => true;
const no = (): boolean => false;
const fail = (): boolean => {
  throw new Error("include");
};

function generatePatterns(random: Random): Members[] {
  return random.times(random.integer(0, 2), () => ({
    include: random.chance(0.7),
    ...random.pick([
      { type: "simple", pattern: "*.com/path" },
      { type: "simple", pattern: "/path" },
      { type: "simple", pattern: "example.com/other/#frag" },
      { type: "simple", pattern: "/path?exp-a=*" },
      { type: "regex", pattern: "example\\.com/p" },
      { type: "regex", pattern: "(" },
      { type: "glob", pattern: "*" },
    ]),
  }));
}

function generateDocs(
  random: Random,
  attributes: Members,
): Record<string, StickyAssignmentsDocument> {
  const docs: Record<string, StickyAssignmentsDocument> = {};
  for (const attributeName of ["id", "device", "company"]) {
    const value = attributes[attributeName];
    if (!value || random.chance(0.4)) continue;
    const attributeValue = typeof value === "string" ? value : JSON.stringify(value);
    const assignments = Object.fromEntries(
      random.times(random.integer(0, 8), () => [
        `${random.pick([...EXPERIMENTS, ...EXPERIMENTS, ...FEATURES])}__${random.pick([0, 0, 1, 2])}`,
        random.pick(["v0", "v1", "v1", "same", "0", "gone"]),
      ]),
    );
    const doc = { attributeName, attributeValue, assignments };
    docs[`${attributeName}||${attributeValue}`] = doc;
  }
  return docs;
}
