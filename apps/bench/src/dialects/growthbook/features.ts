import { createRandom } from "../../workload/random.js";

/** The bytes of a payload. */
export function payloadBytes(features: object, more: object = {}): Uint8Array {
  const body = { status: 200, features, ...more, dateUpdated: "2026-01-05T00:00:00.000Z" };
  return new TextEncoder().encode(JSON.stringify(body));
}

/** The feature of W1. */
export const HALVES = "halves";

/** One experiment for everybody, half and half. */
export function halves(): object {
  return {
    defaultValue: "none",
    rules: [
      {
        id: "all",
        key: "halves-test",
        hashVersion: 2,
        coverage: 1,
        variations: ["off", "on"],
        weights: [0.5, 0.5],
        meta: [{ key: "control" }, { key: "treatment" }],
      },
    ],
  };
}

/** The feature of halves among others. */
export function halvesBytes(otherFeatures = 0): Uint8Array {
  return payloadBytes({ ...shopFeatures(otherFeatures), [HALVES]: halves() });
}

/** Features of a large shop, by key. Every fifth has strings as its values. */
export function shopFeatures(count: number): Record<string, object> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [shopKey(i), shopFeature(i)]));
}

/** Key of one of {@link shopFeatures}. */
export function shopKey(index: number): string {
  return `team-${index % 40}-feature-${index}`;
}

function shopFeature(index: number): object {
  const random = createRandom(index + 1);
  const values = VALUES[index % VALUES.length] ?? [];
  const key = shopKey(index);
  return {
    defaultValue: values[0],
    rules: [
      {
        id: `fr_${key}`,
        key: `${key}-experiment`,
        seed: `${key}-split`,
        hashAttribute: "id",
        hashVersion: 2,
        condition: {
          country: { $in: ["DE", "FR", "IT", "PL", "ES"] },
          appVersion: { $vgte: `${Math.floor(random() * 9)}.${Math.floor(random() * 20)}.0` },
        },
        coverage: 1,
        variations: values,
        weights: values.map(() => 1 / values.length),
        meta: values.map((_, i) => ({ key: `${i}`, name: i === 0 ? "Control" : `Variation ${i}` })),
        phase: "0",
        name: `Experiment of ${key}`,
      },
    ],
  };
}

const VALUES: readonly (readonly unknown[])[] = [
  [false, true],
  ["Buy now", "Add to basket", "Order with obligation to pay"],
  [10, 25, 50],
  [0.05, 0.1],
  [
    { layout: "list", columns: 1 },
    { layout: "grid", columns: 3 },
  ],
];

/** The feature whose value is the version of the served payload. */
export const MARKER = "served-version";

/** What changes from one version to the next. */
export type Change = "all" | "one" | "groups";

/** Version 0 or 1 of a large payload, between which all features or only {@link MARKER} differ. */
export function versionBytes(change: Change, version: number): Uint8Array {
  const features: Record<string, object> = {};
  for (const [key, feature] of Object.entries(shopFeatures(9_999))) {
    features[key] = change === "all" ? { ...feature, version } : feature;
  }
  features[MARKER] = { defaultValue: `${version}` };
  const values = Array.from({ length: 60_000 }, (_, i) => `account-${1_000_000 + i}`);
  return payloadBytes(features, change === "groups" ? { savedGroups: { members: values } } : {});
}
