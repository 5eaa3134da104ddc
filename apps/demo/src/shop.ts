import { SHOE_FLAG, SHOE_REFERENCES } from "./shoe-bandit.js";

/** A state of the shop's flags. The second release changes the checkout and the shipping limit. */
export type Release = 1 | 2;

/** Flags that the second release changes. */
export const CHANGED_FLAGS: readonly string[] = ["new-checkout", "free-shipping-minimum"];

const SHARDS = 10_000;
const DAY_MS = 86_400_000;

/** Returns the shop's flags as the vendor's server would send them (Universal Flag Configuration). */
export function shopConfiguration(release: Release, nowMs: number): string {
  const isoDay = (days: number): string => new Date(nowMs + days * DAY_MS).toISOString();
  const flags = [
    flag("new-checkout", "BOOLEAN", { on: true, off: false }, [
      {
        key: "pilot",
        rules: [rule("country", "ONE_OF", ["DK", "NL", "DE"])],
        splits: halves("pilot", "on", "off", release === 1 ? 5_000 : 9_000),
      },
    ]),
    flag(
      "checkout-button",
      "STRING",
      { control: "Buy", urgent: "Buy now", friendly: "Take it home" },
      [
        {
          key: "holdout-2026",
          splits: [
            {
              variationKey: "control",
              shards: [shard("holdout-2026", 0, 500)],
              extraLogging: { holdoutKey: "holdout-2026", holdoutVariation: "status_quo" },
            },
          ],
        },
        { key: "three-texts", splits: thirds("three-texts", ["control", "urgent", "friendly"]) },
      ],
    ),
    flag("free-shipping-minimum", "INTEGER", { low: 25, high: release === 1 ? 50 : 60 }, [
      {
        key: "app-users",
        rules: [rule("appVersion", "GTE", "2.1.0"), rule("tier", "MATCHES", "^(gold|platinum)$")],
        splits: [everybody("low")],
      },
      { key: "everybody-else", splits: halves("free-shipping", "low", "high", 3_000) },
    ]),
    flag("recommendation-weight", "NUMERIC", { cautious: 0.25, bold: 0.75 }, [
      {
        key: "returning",
        rules: [rule("orders", "GT", 0), rule("email", "IS_NULL", false)],
        splits: halves("recommendation-weight", "cautious", "bold", 5_000),
      },
    ]),
    flag(SHOE_FLAG, "STRING", { bandit: "shoe-bandit", control: "control" }, [
      { key: "training", splits: halves("shoe-training", "bandit", "control", 8_000) },
    ]),
    flag("hero-banner", "JSON", { spring: banner("Spring is here"), plain: banner("Welcome") }, [
      // Starts tomorrow, so today it does not apply to any subject.
      { key: "next-campaign", startAt: isoDay(1), splits: [everybody("spring")] },
      {
        key: "running-campaign",
        startAt: isoDay(-7),
        endAt: isoDay(7),
        rules: [rule("country", "NOT_ONE_OF", ["US"])],
        splits: halves("running-campaign", "spring", "plain", 2_000),
      },
    ]),
  ];
  return JSON.stringify({
    createdAt: new Date(nowMs).toISOString(),
    format: "SERVER",
    environment: { name: "Demo shop" },
    flags: Object.fromEntries(flags.map((it) => [it.key, it])),
    banditReferences: SHOE_REFERENCES,
  });
}

function flag(
  key: string,
  variationType: string,
  values: Readonly<Record<string, unknown>>,
  allocations: readonly object[],
) {
  const variations = Object.entries(values).map(([name, value]) => [name, { key: name, value }]);
  return {
    key,
    enabled: true,
    variationType,
    totalShards: SHARDS,
    variations: Object.fromEntries(variations),
    allocations: allocations.map((allocation) => ({ ...allocation, doLog: true })),
  };
}

function rule(attribute: string, operator: string, value: unknown): object {
  return { conditions: [{ attribute, operator, value }] };
}

function shard(salt: string, start: number, end: number): object {
  return { salt, ranges: [{ start, end }] };
}

function everybody(variationKey: string): object {
  return { variationKey, shards: [] };
}

function halves(salt: string, first: string, second: string, cut: number): readonly object[] {
  return [
    { variationKey: first, shards: [shard(salt, 0, cut)] },
    { variationKey: second, shards: [shard(salt, cut, SHARDS)] },
  ];
}

/** Splits four fifths of the traffic into equal thirds. */
function thirds(salt: string, variationKeys: readonly string[]): readonly object[] {
  const cuts = [0, 3_333, 6_667, SHARDS];
  return variationKeys.map((variationKey, i) => ({
    variationKey,
    shards: [
      shard(`${salt}-traffic`, 0, 8_000),
      shard(`${salt}-split`, cuts[i] ?? 0, cuts[i + 1] ?? SHARDS),
    ],
  }));
}

function banner(title: string): string {
  return JSON.stringify({ title, image: `/hero/${title.toLowerCase().replaceAll(" ", "-")}.jpg` });
}
