import { amplitude } from "@sortition/amplitude/dialect";
import type { Dialect } from "@sortition/core/dialect";
import { eppo } from "@sortition/core/eppo";
import { datadog } from "@sortition/datadog/dialect";
import { growthbook } from "@sortition/growthbook/dialect";
import { launchdarkly } from "@sortition/launchdarkly/dialect";
import { posthog } from "@sortition/posthog/dialect";

/** The split of one revision of the flag `checkout`. */
export interface Ramped {
  /** The fraction of the subjects that get a variation. */
  readonly coverage: number;
  /** The fractions of these subjects that get `a`, `b` and so on. */
  readonly weights: readonly number[];
}

/** How a vendor's flag splits subjects, and what the periods of a ramp show. */
export interface RampedVendor {
  readonly name: string;
  /** Cast, because the dialects differ in their details, which no ramp reads. */
  readonly dialect: () => Dialect;
  readonly payloadOf: (ramped: Ramped, time: string) => object;
  /** Why newcomers have no verdict if the coverage changes; `null` if they have one. */
  readonly problem: string | null;
}

const NAMES = ["a", "b", "c"] as const;

/** Adjacent ranges of these sizes. */
function rangesOf(sizes: readonly number[], total: number): readonly (readonly [number, number])[] {
  let from = 0;
  return sizes.map((size) => {
    const start = from;
    from += size;
    return [Math.round(start * total), Math.round(from * total)] as const;
  });
}

/** A flag of Eppo's format. `isOneHash`: the same hash decides who takes part and who gets which variation. */
function ufc({ coverage, weights }: Ramped, time: string, isOneHash: boolean): object {
  const sizes = weights.map((weight) => (isOneHash ? coverage * weight : weight));
  const splits = rangesOf(sizes, 10_000).map(([start, end], i) => {
    const own = { salt: "split", ranges: [{ start, end }] };
    const traffic = { salt: "traffic", ranges: [{ start: 0, end: coverage * 10_000 }] };
    return { variationKey: NAMES[i], shards: isOneHash ? [own] : [traffic, own] };
  });
  const variations = NAMES.map((key) => [key, { key, value: key }]);
  const flag = {
    ...{ key: "checkout", enabled: true, variationType: "STRING", totalShards: 10_000 },
    variations: Object.fromEntries(variations),
    allocations: [{ key: "ramp", rules: [], splits, doLog: true }],
  };
  const head = { createdAt: time, format: "SERVER", environment: { name: "live" } };
  return { ...head, flags: { checkout: flag } };
}

/** Datadog has the number of shards in each shard. */
function withTotals(payload: object): object {
  const text = JSON.stringify(payload).replace(',"totalShards":10000', "");
  return JSON.parse(text.replaceAll('"ranges":', '"totalShards":10000,"ranges":'));
}

const EPPO = { dialect: (): Dialect => eppo(), problem: null };

export const RAMPED_VENDORS: readonly RampedVendor[] = [
  {
    ...EPPO,
    name: "eppo, one hash",
    payloadOf: (ramped, time) => ufc(ramped, time, true),
  },
  {
    ...EPPO,
    name: "eppo, two hashes",
    payloadOf: (ramped, time) => ufc(ramped, time, false),
  },
  {
    name: "datadog",
    dialect: () => datadog() as unknown as Dialect,
    payloadOf: (ramped, time) => withTotals(ufc(ramped, time, true)),
    problem: null,
  },
  {
    name: "growthbook",
    dialect: () => growthbook() as unknown as Dialect,
    payloadOf: ({ coverage, weights }, dateUpdated) => {
      const rule = {
        ...{ key: "split", variations: NAMES.slice(0, weights.length), weights, coverage },
        ...{ hashAttribute: "id", hashVersion: 2 },
      };
      return { dateUpdated, features: { checkout: { defaultValue: "none", rules: [rule] } } };
    },
    problem: null,
  },
  {
    name: "amplitude",
    dialect: () => amplitude() as unknown as Dialect,
    payloadOf: ({ coverage, weights }) => {
      const distributions = rangesOf(weights, 42_949_673).map((range, i) => {
        return { variant: NAMES[i], range };
      });
      const allocations = [{ range: [0, 100 * coverage], distributions }];
      const selector = ["context", "user", "user_id"];
      const variants = NAMES.map((key) => [key, { key, value: key }]);
      return [
        {
          ...{ key: "checkout", variants: Object.fromEntries(variants) },
          segments: [{ bucket: { selector, salt: "split", allocations } }],
        },
      ];
    },
    problem: null,
  },
  {
    name: "posthog",
    dialect: () => posthog() as unknown as Dialect,
    payloadOf: ({ coverage, weights }) => {
      const variants = weights.map((weight, i) => {
        return { key: NAMES[i], rollout_percentage: 100 * weight };
      });
      const groups = [{ properties: [], rollout_percentage: 100 * coverage }];
      const filters = { groups, multivariate: { variants } };
      return { flags: [{ id: 1, key: "checkout", active: true, filters }], cohorts: {} };
    },
    problem: null,
  },
  {
    name: "launchdarkly",
    dialect: () => launchdarkly() as unknown as Dialect,
    payloadOf: ({ coverage, weights }) => {
      const variations = [
        ...weights.map((weight, variation) => {
          return { variation, weight: Math.round(100_000 * coverage * weight) };
        }),
        { variation: 0, weight: Math.round(100_000 * (1 - coverage)), untracked: true },
      ];
      const flag = {
        ...{ key: "checkout", version: 1, on: true, salt: "s", variations: NAMES },
        ...{
          trackEvents: true,
          fallthrough: { rollout: { kind: "experiment", seed: 61, variations } },
        },
      };
      return { flags: { checkout: flag }, segments: {} };
    },
    // The description does not tell the participants from the others who get their variation.
    problem:
      "earlier revisions gave variations to some of the subjects, and their ranges do not show to which",
  },
];
