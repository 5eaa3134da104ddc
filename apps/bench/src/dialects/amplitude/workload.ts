import { received } from "../../workload/subjects.js";
import type { Visitor } from "./peers.js";

/** A flag as the server sends it. */
export interface FlagBody {
  readonly key: string;
  readonly [member: string]: unknown;
}

/** A body of the cohort endpoint. */
export interface CohortBody {
  readonly cohortId: string;
  readonly groupType: string;
  readonly groupTypeId: number;
  readonly lastComputed: number;
  readonly lastModified: number;
  readonly size: number;
  readonly memberIds: readonly string[];
}

/** Upper bound of the ranges of distributions. */
const SHARES = 42_949_673;

const VARIANTS = {
  on: { key: "on", value: "on", payload: { title: "On" } },
  off: { key: "off", value: "off", metadata: { default: true } },
};

/** A condition on a property of the user, or on one of its members. */
export function condition(name: string, op: string, values: readonly string[]): object {
  return { selector: ["context", "user", "user_properties", name], op, values };
}

/** A flag whose segments decide; the last one is for all other users. */
export function flagOf(key: string, segments: readonly object[]): FlagBody {
  return {
    key,
    metadata: { deployed: true, evaluationMode: "local", flagType: "experiment", flagVersion: 7 },
    variants: VARIANTS,
    segments,
  };
}

/** Half of the users are on. */
export function halves(key: string): FlagBody {
  return flagOf(key, [half(key)]);
}

/** A segment that gives one half of its users `on`. */
export function half(key: string, conditions?: readonly (readonly object[])[]): object {
  const cut = Math.floor(SHARES / 2);
  return {
    ...(conditions === undefined ? {} : { conditions }),
    bucket: {
      selector: ["context", "user", "user_id"],
      salt: `${key}-salt`,
      allocations: [
        {
          range: [0, 100],
          distributions: [
            { variant: "off", range: [0, cut] },
            { variant: "on", range: [cut, SHARES] },
          ],
        },
      ],
    },
    variant: "off",
    metadata: { segmentName: "Half" },
  };
}

/** A flag like those of a shop: targeting, and a split for the rest. */
export function shopFlag(index: number): FlagBody {
  const key = `shop-feature-${index}`;
  return flagOf(key, [
    {
      conditions: [
        [condition("plan", "is", ["gold", "platinum"])],
        [condition("market", "is", ["DE", "FR"]), condition("age", "greater", [`${index % 90}`])],
      ],
      variant: "on",
      metadata: { segmentName: "Loyal" },
    },
    half(key),
  ]);
}

/** Users as a server reads them from requests. */
export function visitors(
  keys: readonly string[],
  propertiesOf: (index: number) => Readonly<Record<string, string>> = () => ({}),
): readonly Visitor[] {
  return keys.map((key, i) => {
    const attributes = Object.fromEntries(
      Object.entries(propertiesOf(i)).map(([name, value]) => [name, received(value)]),
    );
    return { key, attributes, user: { user_id: key, user_properties: { ...attributes } } };
  });
}

/** Returns what is wrong with values that should be on for one half, or `null`. */
export function findFaultOfHalves(values: readonly unknown[]): string | null {
  const share = values.filter((it) => it === "on").length / values.length;
  return Math.abs(share - 0.5) < 0.05 ? null : `${share} of the users are on, not one half`;
}
