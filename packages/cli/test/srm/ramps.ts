import { amplitude } from "@sortition/amplitude/dialect";
import type { Dialect } from "@sortition/core/dialect";
import { eppo } from "@sortition/core/eppo";
import { datadog } from "@sortition/datadog/dialect";
import { growthbook } from "@sortition/growthbook/dialect";
import { launchdarkly } from "@sortition/launchdarkly/dialect";
import { posthog } from "@sortition/posthog/dialect";
import { flagsPayload, splitFlag, type WrittenVendor } from "@sortition/test-kit/flags";

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

/** Writes the flag. `isOneHash`: the same hash decides who takes part and who gets which variation. */
function written(vendor: WrittenVendor, isOneHash = false): RampedVendor["payloadOf"] {
  return ({ coverage, weights }, time) => {
    const size = 100 * (isOneHash ? coverage : 1);
    const place = isOneHash ? {} : { traffic: 100 * coverage };
    const shares = Object.fromEntries(weights.map((weight, i) => [NAMES[i], size * weight]));
    const payload = flagsPayload(vendor, [splitFlag({ key: "checkout", ...place, shares })]);
    const member = TIMES[vendor];
    return member === undefined ? payload : { ...payload, [member]: time };
  };
}

/** The members of payloads that have the time of the revision. */
const TIMES: Partial<Record<WrittenVendor, string>> = {
  ...{ eppo: "createdAt", datadog: "createdAt", growthbook: "dateUpdated" },
};

const EPPO = { dialect: (): Dialect => eppo(), problem: null };

export const RAMPED_VENDORS: readonly RampedVendor[] = [
  {
    ...EPPO,
    name: "eppo, one hash",
    payloadOf: written("eppo", true),
  },
  {
    ...EPPO,
    name: "eppo, two hashes",
    payloadOf: written("eppo"),
  },
  {
    name: "datadog",
    dialect: () => datadog() as unknown as Dialect,
    payloadOf: written("datadog", true),
    problem: null,
  },
  {
    name: "growthbook",
    dialect: () => growthbook() as unknown as Dialect,
    payloadOf: written("growthbook"),
    problem: null,
  },
  {
    name: "amplitude",
    dialect: () => amplitude() as unknown as Dialect,
    payloadOf: written("amplitude"),
    problem: null,
  },
  {
    name: "posthog",
    dialect: () => posthog() as unknown as Dialect,
    payloadOf: written("posthog"),
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
