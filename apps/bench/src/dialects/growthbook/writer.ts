import { seededRandom } from "@sortition/test-kit/random";
import { COUNTRIES, LEAST_VERSION, RANKINGS } from "../../workload/audience.js";
import type { FlagBody, Writer } from "../writer.js";

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

export const growthbookWriter: Writer = {
  member: "features",
  bytes(flags, more = {}) {
    const features = featuresOf(flags);
    const body = { status: 200, features, ...more, dateUpdated: "2026-01-05T00:00:00.000Z" };
    return new TextEncoder().encode(JSON.stringify(body));
  },
  halves: ["off", "on"],
  half: (key) =>
    featureOf(key, [
      {
        id: "all",
        key: HALVES_TEST,
        hashVersion: 2,
        coverage: 1,
        variations: ["off", "on"],
        weights: [0.5, 0.5],
        meta: [{ key: "control" }, { key: "treatment" }],
      },
    ]),
  section: (key) => featureOf(key, [{ id: key, key, hashVersion: 2, variations: ["off", "on"] }]),
  targeted: (key) =>
    featureOf(key, [
      {
        key: "search-ranking",
        hashVersion: 2,
        condition: { country: { $in: COUNTRIES }, appVersion: { $vgte: LEAST_VERSION } },
        variations: RANKINGS,
      },
    ]),
  ruled: (key, ruleCount) =>
    featureOf(
      key,
      Array.from({ length: ruleCount }, (_, i) => ({
        condition: { country: { $in: ["DE", "FR"] }, plan: `plan-${i}` },
        force: `value-${i}`,
      })),
    ),
  listed: (key, accounts) => invited(key, { $in: accounts }),
  shop: shopFeature,
  fixed: (key, defaultValue) => ({ key, defaultValue }),
};

/** Seed that is hashed with each subject in the feature of two halves. */
export const HALVES_TEST = "halves-test";

export function invitedByGroup(key: string, group: string): FlagBody {
  return invited(key, { $inGroup: group });
}

/** Returns features in the format of the vendor SDK's options. */
function featuresOf(flags: readonly FlagBody[]): Record<string, object> {
  return Object.fromEntries(flags.map(({ key, ...feature }) => [key, feature]));
}

function invited(key: string, account: object): FlagBody {
  return featureOf(key, [{ condition: { account }, force: "invited" }]);
}

function featureOf(key: string, rules: readonly object[]): FlagBody {
  return { key, defaultValue: "none", rules };
}

function shopFeature(index: number): FlagBody {
  const random = seededRandom(index + 1);
  const values = VALUES[index % VALUES.length] ?? [];
  const key = `team-${index % 40}-feature-${index}`;
  const rule = {
    id: `fr_${key}`,
    key: `${key}-experiment`,
    seed: `${key}-split`,
    hashAttribute: "id",
    hashVersion: 2,
    condition: {
      country: { $in: COUNTRIES },
      appVersion: { $vgte: `${Math.floor(random() * 9)}.${Math.floor(random() * 20)}.0` },
    },
    coverage: 1,
    variations: values,
    weights: values.map(() => 1 / values.length),
    meta: values.map((_, i) => ({ key: `${i}`, name: i === 0 ? "Control" : `Variation ${i}` })),
    phase: "0",
    name: `Experiment of ${key}`,
  };
  return { key, defaultValue: values[0], rules: [rule] };
}
