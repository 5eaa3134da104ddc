import { amplitude } from "@sortition/amplitude/dialect";
import type { Dialect } from "@sortition/core/dialect";
import { eppo } from "@sortition/core/eppo";
import { datadog } from "@sortition/datadog/dialect";
import { growthbook } from "@sortition/growthbook/dialect";
import { launchdarkly } from "@sortition/launchdarkly/dialect";
import { posthog } from "@sortition/posthog/dialect";
import type { Random } from "@sortition/proof";
import { statsig } from "@sortition/statsig/dialect";
import { gte, lt, matches, noneOf, present, split, testFlags } from "@sortition/testing";

/** A rule of a twin, with conditions that all formats can express, and its outcome. */
export interface TwinRule {
  readonly country?: readonly string[];
  readonly notPlan?: readonly string[];
  readonly minAge?: number;
  readonly maxAge?: number;
  /** The minimum version. */
  readonly minVersion?: string;
  readonly email?: string;
  readonly hasEmail?: boolean;
  readonly gives: TwinOutcome;
}

/** A variation, or the shares of `a` and `b` in percent. */
export type TwinOutcome = "a" | "b" | "c" | { readonly a: number; readonly b: number };

/** A flag that every format can express. */
export interface Twin {
  readonly key: string;
  readonly type: "boolean" | "string" | "integer" | "json";
  readonly rules: readonly TwinRule[];
  readonly otherwise: TwinOutcome;
  /** Values of the variations `a`, `b` and `c`, unless the type is boolean or string. */
  readonly values?: Readonly<Record<"a" | "b" | "c", unknown>>;
}

/** The dialects whose pairs are all compared. */
const TWIN_DIALECTS = ["eppo", "growthbook", "amplitude", "posthog", "launchdarkly"] as const;
export type TwinDialect = (typeof TWIN_DIALECTS)[number] | "datadog" | "statsig";

/**
 * All ordered pairs of different dialects. Datadog is not included, because its format differs from others just as
 * Eppo's does.
 */
export const PAIRS: readonly (readonly [TwinDialect, TwinDialect])[] = TWIN_DIALECTS.flatMap(
  (old) => TWIN_DIALECTS.filter((now) => now !== old).map((now) => [old, now] as const),
);

export const DIALECTS: Readonly<Record<TwinDialect, () => Dialect<never>>> = {
  eppo: () => eppo() as unknown as Dialect<never>,
  growthbook: () => growthbook() as unknown as Dialect<never>,
  amplitude: () => amplitude() as unknown as Dialect<never>,
  posthog: () => posthog() as unknown as Dialect<never>,
  launchdarkly: () => launchdarkly() as unknown as Dialect<never>,
  datadog: () => datadog() as unknown as Dialect<never>,
  statsig: () => statsig() as unknown as Dialect<never>,
};

const INTEGERS = { a: 1, b: 2, c: 3 };
const OBJECTS = { a: { x: 1, y: [true] }, b: { y: null, x: 1.5 }, c: {} };
const SWITCH = { a: "on", b: "off", c: "off" } as const;

/** Returns the payload of a dialect with these flags. */
export function payloadOf(dialect: TwinDialect, twins: readonly Twin[]): string {
  const flags = testFlags({ dialect: DIALECTS[dialect]() as never });
  for (const { key, otherwise, rules, type, values } of twins) {
    // The builders differ only in the types of their values.
    const flag = builderOf(flags, key, type, values) as unknown as Builder;
    const given = (outcome: TwinOutcome): unknown => {
      const isSwitch = type === "boolean";
      if (typeof outcome === "string") return isSwitch ? SWITCH[outcome] : outcome;
      return split(isSwitch ? { on: outcome.a, off: outcome.b } : { a: outcome.a, b: outcome.b });
    };
    const before = rules.reduce(
      (it, rule) => it.when(conditionsOf(rule)).give(given(rule.gives)),
      flag,
    );
    before.otherwise(given(otherwise));
  }
  return flags.payload();
}

interface Builder {
  when(conditions: object): { give(outcome: unknown): Builder };
  otherwise(outcome: unknown): void;
}

function builderOf(
  flags: ReturnType<typeof testFlags>,
  key: string,
  type: Twin["type"],
  values: Twin["values"],
): unknown {
  switch (type) {
    case "boolean":
      return flags.boolean(key);
    case "string":
      return flags.string(key).variations("a", "b", "c");
    case "integer":
      return flags.integer(key).variations((values ?? INTEGERS) as Record<string, number>);
    case "json":
      return flags.json(key).variations((values ?? OBJECTS) as never);
  }
}

function conditionsOf(rule: TwinRule): object {
  const { country, email, hasEmail, maxAge, minAge, minVersion, notPlan } = rule;
  return {
    ...(country === undefined ? {} : { country: [...country] }),
    ...(notPlan === undefined ? {} : { plan: noneOf(...notPlan) }),
    ...(minAge === undefined ? {} : { age: gte(minAge) }),
    ...(maxAge === undefined ? {} : { score: lt(maxAge) }),
    ...(minVersion === undefined ? {} : { appVersion: gte(minVersion) }),
    ...(email === undefined ? {} : { email: matches(email) }),
    ...(hasEmail === true ? { email: present() } : {}),
  };
}

const COUNTRIES = ["DK", "SE", "DE", "FR"];
const PLANS = ["free", "pro", "team"];
const VERSIONS = ["2.9.0", "2.10.0", "2.10.1", "3.0.0"];

function oneOf<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)] as T; // not empty
}

/**
 * Generates flags that every format can express, and that mean the same in all of them for subjects with all
 * attributes.
 */
export function generatedTwins(random: Random, count: number): readonly Twin[] {
  return Array.from({ length: count }, (_, i): Twin => {
    const type = (["string", "boolean", "integer", "json"] as const)[i % 4] as Twin["type"];
    const share = 10 * (1 + Math.floor(random() * 8));
    const shares = { a: share, b: 100 - share };
    const rules = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, r): TwinRule => {
      const gives = r === 1 && random() < 0.4 ? shares : oneOf(random, ["a", "b"] as const);
      const condition = Math.floor(random() * 6);
      return {
        ...(condition % 5 === 0
          ? { country: COUNTRIES.slice(0, 1 + Math.floor(random() * 3)) }
          : {}),
        ...(condition === 1 ? { notPlan: [oneOf(random, PLANS)] } : {}),
        ...(condition === 2 || condition === 5 ? { minAge: 20 + Math.floor(random() * 40) } : {}),
        ...(condition === 3 ? { minVersion: oneOf(random, VERSIONS) } : {}),
        ...(condition === 4 ? { email: oneOf(random, ["@example", "^a"]) } : {}),
        gives,
      };
    });
    // PostHog cannot end the evaluation for some subjects of a rule and pass the others to the next rule.
    const isSplit = rules.some(({ gives }) => typeof gives !== "string");
    const otherwise = !isSplit && random() < 0.4 ? shares : oneOf(random, ["b", "c"] as const);
    return { key: `flag-${i}`, type, rules, otherwise };
  });
}

/** Generates subjects with all attributes, in the types that rules compare with. */
export function completeSubjects(random: Random, count: number): readonly object[] {
  return Array.from({ length: count }, () => ({
    subjectKey: `user-${Math.floor(random() * 1e9)}`,
    subjectAttributes: {
      country: oneOf(random, COUNTRIES),
      plan: oneOf(random, PLANS),
      age: 15 + Math.floor(random() * 60),
      score: Math.floor(random() * 100),
      appVersion: oneOf(random, VERSIONS),
      email: oneOf(random, [
        "ann@example.com",
        "bob@example.com",
        "ann@other.org",
        "bob@other.org",
      ]),
    },
  }));
}
