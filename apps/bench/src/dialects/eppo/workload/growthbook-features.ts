import type { FlagBody } from "./flags.js";

/**
 * The bytes of a payload for GrowthBook's SDK with a feature for each flag: the same values, conditions
 * and shares of traffic. It answers those who meet no condition as the flags do, with the first value.
 */
export function featuresBytes(flags: readonly FlagBody[]): Uint8Array {
  const features = Object.fromEntries(flags.map((flag) => [flag.key, featureOf(flag)]));
  const body = { status: 200, features, dateUpdated: "2024-04-17T19:40:53.716Z" };
  return new TextEncoder().encode(JSON.stringify(body));
}

function featureOf({ key, enabled, variations, allocations }: FlagBody): object {
  const values = Object.values(variations).map(({ value }) => value);
  const rules = allocations
    .filter(({ rules = [] }) => rules.length > 0)
    .map((allocation) => ({
      key: allocation.key,
      seed: `${key}-split`,
      hashAttribute: "id",
      hashVersion: 2,
      condition: Object.fromEntries(
        (allocation.rules ?? []).flatMap(({ conditions }) =>
          conditions.map(({ attribute, operator, value }) => [
            attribute,
            operator === "ONE_OF" ? { $in: value } : { $vgte: value },
          ]),
        ),
      ),
      variations: values,
      weights: values.map(() => 1 / values.length),
      meta: Object.keys(variations).map((variationKey) => ({ key: variationKey })),
    }));
  return { defaultValue: values[0], rules: enabled ? rules : [] };
}
