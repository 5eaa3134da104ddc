import type { FlagDefinition, Json, Outcome, Rule, Split, Test } from "./definition.js";
import { type JsonObject, listOf, objectOf } from "./json-object.js";
import { stepsOf } from "./steps.js";
import { withListed } from "./with-flag.js";
import { FormatError, type Writer } from "./writer.js";

const FORMAT = "PostHog";

/** Writes PostHog's definitions for local evaluation. */
export const posthogWriter: Writer = {
  format: FORMAT,
  empty: { flags: { flags: [], group_type_mapping: {}, cohorts: {} } },
  withFlag(parts, flag) {
    const definitions = objectOf(parts["flags"]);
    const flags = listOf(definitions["flags"]);
    const former = flags.find((it) => it["key"] === flag.key);
    const id = former?.["id"] ?? 1 + Math.max(0, ...flags.map((it) => Number(it["id"])));
    const written = flag.state === "missing" ? null : flagWire(flag, id);
    return {
      ...parts,
      flags: { ...definitions, flags: withListed(flags, flag.key, written) },
    };
  },
};

function flagWire(flag: FlagDefinition, id: Json): JsonObject {
  const { key, state, type, variations } = flag;
  const steps = stepsOf(flag);
  const hasExperiment = steps.some(
    ({ outcome }) => outcome.kind === "split" && outcome.isExperiment,
  );
  const filters = type === "boolean" ? switchWire(steps) : variantsWire(flag, steps);
  return {
    id,
    key,
    name: "",
    active: state !== "disabled",
    // Sortition's client reports exposures only of flags with an experiment. PostHog's client reports all and marks these.
    has_experiment: hasExperiment,
    filters: {
      ...filters,
      ...(state === "malformed" ? { groups: 1 } : {}),
      payloads:
        type === "boolean" || type === "string"
          ? {}
          : Object.fromEntries([...variations].map(([name, it]) => [name, JSON.stringify(it)])),
    },
  };
}

/**
 * Writes a boolean flag. Condition groups can only switch a flag on. With `early_exit`, a subject
 * that matches a group but is not in its share gets `false` instead of proceeding to the next
 * group.
 */
function switchWire(steps: readonly Rule[]): JsonObject {
  const groups = steps.map((rule) => ({ rule, ...switched(rule.outcome) }));
  // After the last group, the flag is off.
  const before = groups.slice(0, -1);
  const exits = before.some(({ off }) => off > 0);
  if (exits && before.some(({ off, on }) => on < 100 && on + off < 100)) {
    throw new FormatError(
      `${FORMAT} cannot give "off" in one rule and continue to the next rule in another, because its early exit applies to the whole flag`,
    );
  }
  return {
    groups: groups.map(({ on, rule }) => groupWire(rule, on, null)),
    ...(exits ? { early_exit: true } : {}),
  };
}

/** Returns the shares of a boolean flag as percentages. */
function switched(outcome: Outcome): { readonly on: number; readonly off: number } {
  if (outcome.kind === "give") {
    return outcome.variation === "on" ? { on: 100, off: 0 } : { on: 0, off: 100 };
  }
  const shareOf = (variation: string): number =>
    outcome.shares.find((it) => it.variation === variation)?.percent ?? 0;
  return { on: shareOf("on"), off: shareOf("off") };
}

/** Writes a flag with variants. Shares belong to the flag. A condition group assigns one variant, or rolls out to a share. */
function variantsWire({ type, variations }: FlagDefinition, steps: readonly Rule[]): JsonObject {
  const named = [...variations].find(([name, value]) => type === "string" && name !== value);
  if (named !== undefined) {
    throw new FormatError(
      `${FORMAT} cannot give the value "${named[1]}" to the variant "${named[0]}", because a variant's value is its key`,
    );
  }
  const [split, ...others] = steps
    .map(({ outcome }) => outcome)
    .filter((it) => it.kind === "split");
  if (split !== undefined && others.some((it) => !haveEqualShares(it, split))) {
    throw new FormatError(`${FORMAT} supports only one split per flag`);
  }
  return {
    groups: steps.map(givenWire),
    multivariate: { variants: sharesWire([...variations.keys()], split) },
  };
}

function haveEqualShares(a: Split, b: Split): boolean {
  return JSON.stringify(a.shares) === JSON.stringify(b.shares);
}

/** Returns the variants' percentages of the rolled-out subjects, which add up to exactly 100. */
function sharesWire(names: readonly string[], split: Split | undefined): Json {
  const total = sumOf(split);
  let rest = 100;
  const given = (split?.shares ?? []).map(({ percent, variation }, i, all) => {
    const share = total === 0 ? 0 : (percent / total) * 100;
    const isLast = all.slice(i + 1).every((it) => it.percent === 0);
    const rollout = isLast ? rest : Math.min(share, rest);
    rest -= rollout;
    return { key: variation, name: "", rollout_percentage: rollout };
  });
  const known = given.map(({ key }) => key);
  const unused = names.filter((name) => !known.includes(name));
  return [...given, ...unused.map((key) => ({ key, name: "", rollout_percentage: 0 }))];
}

function sumOf(split: Split | undefined): number {
  return (split?.shares ?? []).reduce((sum, { percent }) => sum + percent, 0);
}

function givenWire(rule: Rule): JsonObject {
  const { outcome } = rule;
  return outcome.kind === "give"
    ? groupWire(rule, 100, outcome.variation)
    : groupWire(rule, Math.min(outcome.traffic ?? sumOf(outcome), 100), null);
}

function groupWire(rule: Rule, percent: number, variant: string | null): JsonObject {
  return {
    properties: propertiesOf(rule),
    rollout_percentage: percent,
    ...(variant === null ? {} : { variant }),
  };
}

function propertiesOf({ conditions, subjects }: Rule): readonly Json[] {
  const ofAttributes = conditions.map(({ attribute, test }) => ({
    key: attribute,
    type: "person",
    ...testWire(test),
  }));
  // PostHog's SDK sets a property of each person to its distinct id.
  const own = { key: "distinct_id", type: "person", operator: "exact", value: subjects };
  return subjects === null ? ofAttributes : [...ofAttributes, own];
}

function testWire(test: Test): JsonObject {
  switch (test.kind) {
    case "one-of":
      return { operator: "exact", value: test.values.map(String) };
    case "none-of":
      return { operator: "is_not", value: test.values.map(String) };
    case "matches":
      return { operator: "regex", value: test.pattern };
    case "does-not-match":
      return { operator: "not_regex", value: test.pattern };
    case "present":
      return { operator: "is_set", value: "is_set" };
    case "absent":
      throw new FormatError(
        `${FORMAT} cannot evaluate absent() locally, because its server may know the property`,
      );
    default: {
      const isVersion = typeof test.value === "string";
      return { operator: `${isVersion ? "semver_" : ""}${test.kind}`, value: test.value };
    }
  }
}
