import { COUNTRIES } from "../../workload/audience.js";
import type { FlagBody, Writer } from "../writer.js";

const SHARES = 42_949_673;

const VARIANTS = {
  on: { key: "on", value: "on", payload: { title: "On" } },
  // Not the default variant, because its exposures are not logged.
  off: { key: "off", value: "off" },
};

export const amplitudeWriter: Writer = {
  member: null,
  bytes: (flags) => new TextEncoder().encode(JSON.stringify(flags)),
  halves: ["off", "on"],
  half: (key) => flagOf(key, [half(key)]),
  targeted(key) {
    const market = condition("market", "is", COUNTRIES);
    const app = condition("app", "version greater or equal", ["3.2.0"]);
    return flagOf(key, [half(key, [[market, app]])]);
  },
  ruled: (key, ruleCount) =>
    flagOf(
      key,
      Array.from({ length: ruleCount }, (_, i) =>
        half(key, [[condition("plan", "is", [`plan-${i}`]), condition("age", "greater", ["17"])]]),
      ),
    ),
  listed: (key, accounts) =>
    flagOf(key, [{ conditions: [[condition("account", "is", accounts)]], variant: "on" }]),
  shop(index) {
    const key = `shop-feature-${index}`;
    const conditions = [
      [condition("plan", "is", ["gold", "platinum"])],
      [condition("market", "is", ["DE", "FR"]), condition("age", "greater", [`${index % 90}`])],
    ];
    const loyal = { conditions, variant: "on", metadata: { segmentName: "Loyal" } };
    return flagOf(key, [loyal, half(key)]);
  },
  fixed: (key, value) => ({
    ...flagOf(key, [{ variant: "served" }]),
    variants: { served: { key: "served", value } },
  }),
};

function condition(name: string, op: string, values: readonly string[]): object {
  return { selector: ["context", "user", "user_properties", name], op, values };
}

/** Creates a flag from segments. The last one is for all other users. */
function flagOf(key: string, segments: readonly object[]): FlagBody {
  return {
    key,
    metadata: { deployed: true, evaluationMode: "local", flagType: "experiment", flagVersion: 7 },
    variants: VARIANTS,
    segments,
  };
}

/** Creates a segment that gives `on` to half of its users. */
function half(key: string, conditions?: readonly (readonly object[])[]): object {
  const cut = Math.floor(SHARES / 2);
  const distributions = [
    { variant: "off", range: [0, cut] },
    { variant: "on", range: [cut, SHARES] },
  ];
  return {
    ...(conditions === undefined ? {} : { conditions }),
    bucket: {
      selector: ["context", "user", "user_id"],
      salt: `${key}-salt`,
      allocations: [{ range: [0, 100], distributions }],
    },
    variant: "off",
    metadata: { segmentName: "Half" },
  };
}
