import { amplitude } from "@sortition/amplitude/dialect";
import type { Attributes } from "@sortition/core";
import type { Dialect } from "@sortition/core/dialect";
import { growthbook } from "@sortition/growthbook/dialect";
import { launchdarkly } from "@sortition/launchdarkly/dialect";
import { posthog } from "@sortition/posthog/dialect";

/** A vendor whose experiments can be split by something other than users. */
export interface GroupingVendor {
  readonly name: string;
  readonly dialect: Dialect;
  /**
   * Creates a payload with experiments that split groups.
   *
   * @param percent - of the groups, which get the first variation. Default: 50.
   */
  payloadOf(flagKeys: readonly string[], percent?: number): object;
  /** A name of the column with the group. */
  readonly column: string;
  /** Attributes of the members of a group. */
  attributesOf(group: string): Attributes;
}

/** Number of Amplitude's shards in a percent. */
const PERCENT = 429_496;

/** Vendors with groups, or with attributes that are hashed instead of the key. */
export const GROUPING_VENDORS: readonly GroupingVendor[] = [
  {
    ...{ name: "posthog", column: "company" },
    dialect: posthog({ projectApiKey: "phc_key" }),
    payloadOf: (flagKeys, percent = 50) => ({
      flags: flagKeys.map((key, id) => {
        const variants = [
          { key: "a", rollout_percentage: percent },
          { key: "b", rollout_percentage: 100 - percent },
        ];
        const groups = [{ properties: [], rollout_percentage: 100 }];
        const by = { aggregation_group_type_index: 0 };
        return { id, key, active: true, filters: { groups, multivariate: { variants }, ...by } };
      }),
      group_type_mapping: { 0: "company" },
      cohorts: {},
    }),
    attributesOf: (company) => ({ $groups: { company } }),
  },
  {
    ...{ name: "launchdarkly", column: "org" },
    dialect: launchdarkly(),
    payloadOf: (flagKeys, percent = 50) => ({
      flags: Object.fromEntries(
        flagKeys.map((key) => {
          const variations = [
            { variation: 0, weight: 1_000 * percent },
            { variation: 1, weight: 100_000 - 1_000 * percent },
          ];
          const rollout = { kind: "experiment", contextKind: "org", variations };
          const flag = { key, version: 1, on: true, salt: key, variations: ["a", "b"] };
          return [key, { ...flag, fallthrough: { rollout } }];
        }),
      ),
      segments: {},
    }),
    attributesOf: (key) => ({ kind: "multi", user: { key: "member" }, org: { key } }),
  },
  {
    ...{ name: "amplitude", column: "org name" },
    dialect: amplitude(),
    payloadOf: (flagKeys, percent = 50) =>
      flagKeys.map((key) => {
        const distributions = [
          { variant: "a", range: [0, percent * PERCENT] },
          { variant: "b", range: [percent * PERCENT, 42_949_673] },
        ];
        const selector = ["context", "groups", "org name", "group_name"];
        const allocations = [{ range: [0, 100], distributions }];
        const bucket = { selector, salt: key, allocations };
        const variants = { a: { key: "a", value: "a" }, b: { key: "b", value: "b" } };
        return { key, variants, segments: [{ bucket }] };
      }),
    attributesOf: (name) => ({ groups: { "org name": [name] } }) as unknown as Attributes, // any JSON value is an attribute
  },
  {
    ...{ name: "growthbook", column: "company" },
    dialect: growthbook(),
    payloadOf: (flagKeys, percent = 50) => ({
      features: Object.fromEntries(
        flagKeys.map((key) => {
          const rule = { key, variations: ["a", "b"], hashVersion: 2, hashAttribute: "company" };
          const weights = [percent / 100, 1 - percent / 100];
          return [key, { defaultValue: "none", rules: [{ ...rule, weights }] }];
        }),
      ),
    }),
    attributesOf: (company) => ({ company }),
  },
];
