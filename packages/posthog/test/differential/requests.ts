import type { Random } from "@sortition/dialect-kit/differential";
import { PROPERTY_VALUES } from "./values.js";

/** A generated person with groups. */
export interface GeneratedPerson {
  readonly distinctId: string;
  readonly personProperties: Readonly<Record<string, unknown>>;
  readonly groups: Readonly<Record<string, string>>;
  readonly groupProperties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly edges: ReadonlySet<string>;
}

/** Names of the features that a person may have. */
export const PERSON_EDGES: readonly string[] = [
  ...[
    "groups",
    "no groups",
    "group properties",
    "no group properties",
    "device id",
    "empty device id",
  ],
  ...["own distinct_id", "unusual id", "own $group_key"],
];

export function generatePerson(random: Random): GeneratedPerson {
  const edges = new Set<string>();
  const mark = <T>(name: string, value: T): T => {
    edges.add(name);
    return value;
  };
  const properties = (): Record<string, unknown> => {
    const keys = ["k1", "k2", "k3", "version", "seen"].filter(() => random.chance(0.75));
    return Object.fromEntries(keys.map((key) => [key, random.pick(PROPERTY_VALUES)]));
  };
  const groups = random.pick([
    () => mark("no groups", {}),
    () => mark("groups", { company: `c-${random.integer(1, 9)}` }),
    () => mark("groups", { company: "c-1", team: "ü" }),
    () => mark("groups", { other: "x" }),
  ])();
  const groupProperties = random.chance(0.6)
    ? mark("group properties", {
        company: {
          ...properties(),
          ...(random.chance(0.2) ? mark("own $group_key", { $group_key: "own" }) : {}),
        },
      })
    : mark("no group properties", {});
  return {
    distinctId: random.chance(0.15)
      ? mark("unusual id", random.pick([" ", "ü", "\ud800x", "é", "x".repeat(200), "日本"]))
      : `user-${random.integer(1, 9_999)}`,
    personProperties: {
      ...properties(),
      ...random.pick([
        () => ({}),
        () => mark("device id", { $device_id: `d-${random.integer(1, 999)}` }),
        () => mark("empty device id", { $device_id: random.pick(["", null, undefined]) }),
      ])(),
      ...(random.chance(0.1) ? mark("own distinct_id", { distinct_id: "a" }) : {}),
    },
    groups,
    groupProperties,
    edges,
  };
}
