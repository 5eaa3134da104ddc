import { amplitude } from "@sortition/amplitude/dialect";
import { Configuration, createClient, type Dialect } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { datadog } from "@sortition/datadog/dialect";
import { growthbook } from "@sortition/growthbook/dialect";
import { launchdarkly } from "@sortition/launchdarkly/dialect";
import { posthog } from "@sortition/posthog/dialect";
import { growthOf } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";

const ON = { on: { key: "on", value: true } };

/** A payload of one flag that compares the attribute `x` with a list. */
type PayloadOf = (operator: string, values: readonly unknown[]) => object;

const ufc: PayloadOf = (operator, value) => {
  const rules = [{ conditions: [{ attribute: "x", operator, value }] }];
  const splits = [{ shards: [], variationKey: "on" }];
  const allocations = [{ key: "a", rules, splits, doLog: false }];
  const flag = { key: "f", enabled: true, variationType: "BOOLEAN", variations: ON };
  return {
    createdAt: "2026-01-01T00:00:00.000Z",
    format: "SERVER",
    environment: { name: "Production" },
    flags: { f: { ...flag, totalShards: 10_000, allocations } },
  };
};

const texts = (size: number, prefix: string): readonly string[] =>
  Array.from({ length: size }, (_, i) => `${prefix}${i}`);
const numbers = (size: number): readonly number[] => Array.from({ length: size }, (_, i) => i + 9);
const versions = (size: number): readonly string[] => texts(size, "2.0.");

const AMPLITUDE: PayloadOf = (op, values) => {
  const selector = ["context", "user", "user_properties", "x"];
  const segments = [{ conditions: [[{ selector, op, values }]], variant: "on" }];
  return [{ key: "f", variants: ON, segments }];
};
const GROWTHBOOK: PayloadOf = (operator, values) => {
  const condition = { x: { [operator]: values } };
  return { features: { f: { defaultValue: false, rules: [{ condition, force: true }] } } };
};
const LAUNCHDARKLY: PayloadOf = (op, values) => {
  const rules = [{ id: "r", variation: 1, clauses: [{ attribute: "x", op, values }] }];
  const flag = { key: "f", version: 1, on: true, variations: [false, true], rules, salt: "s" };
  return { flags: { f: { ...flag, fallthrough: { variation: 0 } } }, segments: {} };
};
const POSTHOG: PayloadOf = (operator, value) => {
  const properties = [{ key: "x", type: "person", operator, value }];
  const filters = { groups: [{ properties, rollout_percentage: 100 }] };
  return {
    flags: [{ id: 1, key: "f", active: true, filters }],
    group_type_mapping: {},
    cohorts: {},
  };
};

interface Case {
  readonly dialect: Dialect;
  readonly payload: PayloadOf;
  readonly operators: readonly string[];
  /** Values of the payload and of the attribute that never match, so that each list is read to its end. */
  readonly lists: (
    size: number,
  ) => readonly [listed: readonly unknown[], given: readonly unknown[]];
}

const apart = (size: number): readonly [readonly string[], readonly string[]] => [
  texts(size, "listed-"),
  texts(size, "given-"),
];

const CASES: Readonly<Record<string, Case>> = {
  "Eppo, one of": {
    ...{ dialect: eppo(), payload: ufc, operators: ["ONE_OF", "NOT_ONE_OF"], lists: apart },
  },
  "Datadog, one of": {
    ...{ dialect: datadog(), payload: ufc, operators: ["ONE_OF", "NOT_ONE_OF"], lists: apart },
  },
  "GrowthBook, sets": {
    ...{ dialect: growthbook(), payload: GROWTHBOOK, lists: apart },
    operators: ["$in", "$nin", "$ini", "$nini"],
  },
  "GrowthBook, all of": {
    ...{ dialect: growthbook(), payload: GROWTHBOOK, operators: ["$all", "$alli"] },
    lists: (size) => [texts(size, "x"), texts(size, "x").toReversed()],
  },
  "Amplitude, sets": {
    ...{ dialect: amplitude(), payload: AMPLITUDE, lists: apart },
    operators: ["is", "is not", "set is", "set contains any", "set does not contain any"],
  },
  "Amplitude, sets with true": {
    ...{ dialect: amplitude(), payload: AMPLITUDE },
    operators: ["is", "is not", "set contains any", "set does not contain any"],
    lists: (size) => [[...texts(size, "listed-"), "true"], texts(size, "given-")],
  },
  "Amplitude, all of": {
    ...{ dialect: amplitude(), payload: AMPLITUDE },
    operators: ["set contains", "set does not contain"],
    lists: (size) => [texts(size, "x"), [...texts(size, "x").toReversed(), "TRUE"]],
  },
  "Amplitude, numbers": {
    ...{ dialect: amplitude(), payload: AMPLITUDE, operators: ["greater", "greater or equal"] },
    lists: (size) => [numbers(size).map(String), texts(size, "-1")],
  },
  "Amplitude, versions": {
    ...{ dialect: amplitude(), payload: AMPLITUDE, operators: ["version greater"] },
    lists: (size) => [versions(size), texts(size, "1.0.")],
  },
  "LaunchDarkly, sets": {
    ...{ dialect: launchdarkly(), payload: LAUNCHDARKLY, operators: ["in"], lists: apart },
  },
  "LaunchDarkly, numbers": {
    ...{ dialect: launchdarkly(), payload: LAUNCHDARKLY },
    operators: ["greaterThan", "greaterThanOrEqual", "after"],
    lists: (size) => [numbers(size), numbers(size).map((it) => -it)],
  },
  "LaunchDarkly, versions": {
    ...{ dialect: launchdarkly(), payload: LAUNCHDARKLY },
    operators: ["semVerEqual", "semVerGreaterThan"],
    lists: (size) => [versions(size), texts(size, "1.0.")],
  },
  "PostHog, exact": {
    ...{ dialect: posthog(), payload: POSTHOG, operators: ["exact", "is_not"], lists: apart },
  },
};

const FACTOR = 32;
/** The work of a list of 300 takes microseconds. */
const RUNS = 50;
/** Quadratic work grows by `FACTOR ** 2`. A set that leaves the processor's cache costs up to twelve times as much on a busy machine. */
const MOST = 0.75 * FACTOR ** 2;

describe("list operators", () => {
  it.each(
    Object.entries(CASES).flatMap(([name, it]) =>
      it.operators.map((operator) => ({ name, operator, ...it })),
    ),
  )("take time in proportion to the lists: $name $operator", (given) => {
    const { dialect, lists, operator, payload } = given;
    const prepare = (size: number) => {
      const [listed, x] = lists(size);
      const flags = new TextEncoder().encode(JSON.stringify(payload(operator, listed)));
      const initialConfiguration = Configuration.from({ dialect, payloads: { flags } });
      const client = createClient({ dialect, initialConfiguration, assignmentLogger: null });
      const request = { flagKey: "f", subjectKey: "s", subjectAttributes: { x } as never };
      expect(client.evaluate(request).reason).not.toMatch(/error|not-found/);
      return () => {
        for (let i = 0; i < RUNS; i++) client.evaluate(request);
      };
    };
    const growth = growthOf({ small: prepare(300), large: prepare(300 * FACTOR) }, MOST);
    expect(growth).toBeLessThanOrEqual(MOST);
  });
});
