import type { Random } from "@sortition/dialect-kit/differential";
import { PROPERTY_VALUES } from "./values.js";

/** A generated person with groups. */
export interface GeneratedPerson {
  readonly distinctId: string;
  readonly personProperties: Readonly<Record<string, unknown>>;
  readonly groups: Readonly<Record<string, string>>;
  readonly groupProperties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export function generatePerson(random: Random): GeneratedPerson {
  const properties = (): Record<string, unknown> => {
    const keys = ["k1", "k2", "k3", "version", "seen"].filter(() => random.chance(0.75));
    return Object.fromEntries(keys.map((key) => [key, random.pick(PROPERTY_VALUES)]));
  };
  const groups = random.pick([
    () => ({}),
    () => ({ company: `c-${random.integer(1, 9)}` }),
    () => ({ company: "c-1", team: "ü" }),
    () => ({ other: "x" }),
  ])();
  const groupProperties = random.chance(0.6)
    ? {
        company: {
          ...properties(),
          ...(random.chance(0.2) ? { $group_key: "own" } : {}),
        },
      }
    : {};
  return {
    distinctId: random.chance(0.15)
      ? random.pick([" ", "ü", "\ud800x", "é", "x".repeat(200), "日本"])
      : `user-${random.integer(1, 9_999)}`,
    personProperties: {
      ...properties(),
      ...random.pick([
        () => ({}),
        () => ({ $device_id: `d-${random.integer(1, 999)}` }),
        () => ({ $device_id: random.pick(["", null, undefined]) }),
      ])(),
      ...(random.chance(0.1) ? { distinct_id: "a" } : {}),
    },
    groups,
    groupProperties,
  };
}
