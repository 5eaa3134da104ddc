import type { DemoSubject } from "../subjects.js";

/** Returns a visitor's attributes, including the id that experiments hash. */
export function attributesOf({
  subjectAttributes,
  subjectKey,
}: DemoSubject): Record<string, unknown> {
  return { ...subjectAttributes, id: subjectKey };
}

/** Returns the shop's features as GrowthBook's server would send them, with the same rules and shares as Eppo's flags. */
export function shopPayload(): { readonly features: Record<string, object> } {
  return {
    features: {
      "new-checkout": feature(false, [
        experiment("pilot", [true, false], [0.5, 0.5], {
          condition: { country: { $in: ["DK", "NL", "DE"] } },
        }),
      ]),
      "checkout-button": feature("", [
        experiment("holdout-2026", ["Buy", ""], [1, 0], { coverage: 0.05 }),
        experiment("three-texts", ["Buy", "Buy now", "Take it home"], [0.3333, 0.3334, 0.3333], {
          coverage: 0.8,
        }),
      ]),
      "free-shipping-minimum": feature(50, [
        {
          id: "app-users",
          condition: {
            $or: [{ appVersion: { $vgte: "2.1.0" } }, { tier: { $regex: "^(gold|platinum)$" } }],
          },
          force: 25,
        },
        experiment("free-shipping", [25, 50], [0.3, 0.7]),
      ]),
      "recommendation-weight": feature(0, [
        experiment("recommendation-weight", [0.25, 0.75], [0.5, 0.5], {
          condition: { $or: [{ orders: { $gt: 0 } }, { email: { $exists: true } }] },
        }),
      ]),
      "hero-banner": feature({}, [
        experiment("running-campaign", [banner("Spring is here"), banner("Welcome")], [0.2, 0.8], {
          condition: { country: { $ne: "US" } },
        }),
      ]),
    },
  };
}

function feature(defaultValue: unknown, rules: readonly object[]): object {
  return { defaultValue, rules };
}

function experiment(
  key: string,
  variations: readonly unknown[],
  weights: readonly number[],
  more: object = {},
): object {
  return { id: key, key, variations, weights, hashVersion: 2, coverage: 1, ...more };
}

function banner(title: string): object {
  return { title, image: `/hero/${title.toLowerCase().replaceAll(" ", "-")}.jpg` };
}
