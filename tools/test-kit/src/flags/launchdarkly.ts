import type { FlagDefinition, Json, Outcome, Rule, Test } from "./definition.js";
import type { JsonObject } from "./json-object.js";
import { stepsOf } from "./steps.js";
import { withMember } from "./with-flag.js";
import { FormatError, type Writer } from "./writer.js";

const FORMAT = "LaunchDarkly";

/** Writes LaunchDarkly's flags. */
export const launchdarklyWriter: Writer = {
  format: FORMAT,
  empty: { flags: { flags: {}, segments: {} } },
  withFlag(parts, flag) {
    const written = flag.state === "missing" ? null : flagWire(flag);
    return withMember(parts, "flags", flag.key, written);
  },
};

function flagWire(flag: FlagDefinition): JsonObject {
  const { key, otherwise, rules, state, type, variations } = flag;
  const names = type === "boolean" ? ["on", "off"] : [...variations.keys()];
  const indexOf = (variation: string): number => names.indexOf(variation);
  return {
    key,
    version: 1,
    on: state !== "disabled",
    salt: key,
    variations: type === "boolean" ? [true, false] : [...variations.values()],
    // Sortition's client reports exposures where LaunchDarkly's sends events.
    trackEvents: true,
    rules:
      state === "malformed"
        ? 1
        : stepsOf({ rules, otherwise: null }).map((step) => ({
            id: step.name,
            clauses: clausesOf(step),
            ...servedWire(step.outcome, indexOf),
          })),
    fallthrough: otherwise === null ? {} : servedWire(otherwise, indexOf),
  };
}

function servedWire(outcome: Outcome, indexOf: (variation: string) => number): JsonObject {
  if (outcome.kind === "give") return { variation: indexOf(outcome.variation) };
  const total = outcome.shares.reduce((sum, { percent }) => sum + percent, 0);
  if (total < 100) {
    throw new FormatError(
      `${FORMAT} cannot exclude subjects from a split: shares must add up to 100`,
    );
  }
  return {
    rollout: {
      ...(outcome.isExperiment ? { kind: "experiment" } : {}),
      contextKind: "user",
      variations: outcome.shares.map(({ percent, variation }) => ({
        variation: indexOf(variation),
        weight: Math.round(percent * 1_000),
      })),
    },
  };
}

function clausesOf({ conditions, subjects }: Rule): readonly Json[] {
  const ofAttributes = conditions.map(({ attribute, test }) => ({
    contextKind: "user",
    attribute: attribute.includes("/") ? referenceTo(attribute) : attribute,
    negate: false,
    ...testWire(test),
  }));
  const own = { contextKind: "user", attribute: "key", op: "in", negate: false, values: subjects };
  return subjects === null ? ofAttributes : [...ofAttributes, own];
}

function referenceTo(attribute: string): string {
  return `/${attribute.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function testWire(test: Test): JsonObject {
  switch (test.kind) {
    case "one-of":
      return { op: "in", values: [...test.values] };
    case "none-of":
      return { op: "in", values: [...test.values], negate: true };
    case "matches":
      return { op: "matches", values: [test.pattern] };
    case "does-not-match":
      return { op: "matches", values: [test.pattern], negate: true };
    case "present":
      // A clause fails if there is no value, negated or not.
      return { op: "in", values: [], negate: true };
    case "absent":
      throw new FormatError(
        `${FORMAT} cannot express absent(), because no clause matches an attribute without a value`,
      );
    default:
      return comparisonWire(test.kind, test.value);
  }
}

const COMPARISONS = {
  gt: { number: "greaterThan", version: "semVerGreaterThan", isNegated: false },
  gte: { number: "greaterThanOrEqual", version: "semVerLessThan", isNegated: true },
  lt: { number: "lessThan", version: "semVerLessThan", isNegated: false },
  lte: { number: "lessThanOrEqual", version: "semVerGreaterThan", isNegated: true },
} as const;

/** There is no operator for "at least this version", so the opposite is negated. */
function comparisonWire(kind: keyof typeof COMPARISONS, value: number | string): JsonObject {
  const { isNegated, number, version } = COMPARISONS[kind];
  return typeof value === "string"
    ? { op: version, values: [value], negate: isNegated }
    : { op: number, values: [value] };
}
