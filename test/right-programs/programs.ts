import { amplitude } from "../../packages/amplitude/src/dialect.ts";
import { eppo } from "../../packages/core/src/eppo.ts";
import { type Dialect, OptionError } from "../../packages/core/src/index.ts";
import { datadog } from "../../packages/datadog/src/dialect.ts";
import { growthbook } from "../../packages/growthbook/src/dialect.ts";
import { launchdarkly } from "../../packages/launchdarkly/src/dialect.ts";
import { posthog } from "../../packages/posthog/src/dialect.ts";
import { statsig } from "../../packages/statsig/src/dialect.ts";
import {
  absent,
  type Condition,
  doesNotMatch,
  gt,
  gte,
  lt,
  matches,
  noneOf,
  present,
  split,
  testFlags,
} from "../../packages/testing/src/index.ts";
import { seededRandom } from "../../tools/test-kit/src/random.ts";

/** A visitor, with the attributes that are known of this one. */
export interface Visitor {
  readonly key: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly groups: Readonly<Record<string, string>>;
}

/** A program without a mistake: each flag exists and is boolean, and visitors may lack attributes. */
export interface Program {
  /** The body of the vendor's response. */
  readonly payload: string;
  readonly flags: readonly string[];
  readonly visitors: readonly Visitor[];
}

/** A vendor's format. */
interface Format {
  readonly dialect: () => Dialect;
  /** Flags that only this format can express, of groups, other contexts and nested attributes. */
  readonly own: Readonly<Record<string, object>>;
}

export type Vendor =
  | "eppo"
  | "datadog"
  | "growthbook"
  | "amplitude"
  | "launchdarkly"
  | "posthog"
  | "statsig";

const createdHere = (dialect: unknown): Dialect => dialect as Dialect; // the details do not matter

export const FORMATS: Readonly<Record<Vendor, Format>> = {
  eppo: { dialect: () => createdHere(eppo()), own: {} },
  datadog: { dialect: () => createdHere(datadog()), own: {} },
  growthbook: {
    dialect: () => createdHere(growthbook()),
    own: {
      nested: featureOf({ "company.plan": "pro", "address.zip": { $ne: 10115 } }),
      excluding: featureOf({ $nor: [{ zip: 10115 }, { tags: { $elemMatch: { $eq: "new" } } }] }),
    },
  },
  amplitude: {
    dialect: () => createdHere(amplitude()),
    own: {
      grouped: {
        key: "grouped",
        variants: { on: { key: "on", value: true } },
        segments: [
          {
            conditions: [
              [
                {
                  selector: ["context", "groups", "company", "group_name"],
                  ...{ op: "is not", values: ["acme"] },
                },
              ],
            ],
            variant: "on",
          },
        ],
      },
    },
  },
  launchdarkly: {
    dialect: () => createdHere(launchdarkly()),
    own: {
      "of-company": launchdarklyFlag("of-company", "company", "plan", "free"),
      nested: launchdarklyFlag("nested", "user", "/address/zip", 10115),
    },
  },
  posthog: {
    dialect: () => createdHere(posthog({ projectApiKey: "phc_key" })),
    own: {
      "of-company": posthogFlag(901, "of-company", "plan", { aggregation_group_type_index: 0 }),
      excluding: posthogFlag(902, "excluding", "zip", {}),
    },
  },
  statsig: { dialect: () => createdHere(statsig()), own: {} },
};

export const VENDORS = Object.keys(FORMATS) as readonly Vendor[]; // the keys of this object

function featureOf(condition: object): object {
  return { defaultValue: false, rules: [{ condition, force: true }] };
}

function launchdarklyFlag(
  key: string,
  contextKind: string,
  attribute: string,
  excluded: unknown,
): object {
  const clause = { contextKind, attribute, op: "in", values: [excluded], negate: true };
  return {
    ...{ key, on: true, version: 1, salt: "s", variations: [true, false], offVariation: 1 },
    ...{ fallthrough: { variation: 1 }, prerequisites: [], targets: [] },
    rules: [{ id: "r", variation: 0, clauses: [clause] }],
  };
}

function posthogFlag(id: number, key: string, property: string, of: object): object {
  const type =
    "aggregation_group_type_index" in of
      ? { type: "group", group_type_index: 0 }
      : { type: "person" };
  const properties = [{ key: property, operator: "is_not", value: ["free", "10115"], ...type }];
  const groups = [{ properties, rollout_percentage: 100 }];
  return { id, key, name: "", active: true, filters: { payloads: {}, groups, ...of } };
}

/** Values of each attribute, and conditions that read it. Many of them exclude values. */
const ATTRIBUTES: Readonly<
  Record<string, readonly [values: readonly unknown[], conditions: readonly Condition[]]>
> = {
  plan: [
    ["free", "pro"],
    ["pro", noneOf("free"), present(), absent(), matches("^p"), doesNotMatch("^f")],
  ],
  zip: [
    ["10115", "75001"],
    [noneOf(10115), noneOf("10115"), "75001", gte(20_000)],
  ],
  age: [
    [17, 30],
    [gt(18), lt(65), noneOf(17)],
  ],
  beta: [
    [true, false],
    [true, noneOf(true)],
  ],
  version: [
    ["1.2.3", "2.0.0"],
    [gte("2.0.0"), lt("1.9.9")],
  ],
};

/** Attributes for events, or for the flags of one vendor. Their members have the names of others. */
const OBJECTS: Readonly<Record<string, readonly unknown[]>> = {
  company: [
    { plan: "pro", id: "acme", zip: "10115" },
    { plan: "free", id: 7 },
  ],
  address: [{ zip: "10115", country: "DE" }, { zip: 75001 }],
  device: [{ version: "2.0.0", beta: true }],
  tags: [["new", "eu"], []],
};

/** Generates a program. Each visitor lacks a quarter of the attributes, and one has the name of a flag. */
export function programOf(vendor: Vendor, seed: number): Program {
  const { dialect, own } = FORMATS[vendor];
  const random = seededRandom(1_000 * VENDORS.indexOf(vendor) + seed);
  const oneOf = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T; // no list is empty
  const flags = testFlags({ dialect: dialect() });
  const keys = ["flag-0", "flag-1", "flag-2"];
  for (const key of keys) {
    const flag = flags.boolean(key);
    if (random() < 0.3) flag.forSubject("visitor-1").give(true);
    for (let left = 3; left > 0; left--) {
      const attribute = oneOf(Object.keys(ATTRIBUTES));
      const condition = oneOf(ATTRIBUTES[attribute]?.[1] ?? []);
      try {
        flag.when({ [attribute]: condition }).give(true);
      } catch (error) {
        // A rule that the vendor's format cannot express leaves the flag as it was.
        if (!(error instanceof OptionError)) throw error;
      }
    }
    // LaunchDarkly's flags always have a last rule.
    if (vendor === "launchdarkly" || random() < 0.5) flag.otherwise(split({ on: 50, off: 50 }));
  }
  const values = Object.entries(ATTRIBUTES).map(([name, [of]]) => [name, of] as const);
  const visitors = Array.from({ length: 12 }, (_, i): Visitor => {
    const known = [...values, ...Object.entries(OBJECTS)].filter(() => random() < 0.75);
    return {
      key: i === 3 ? "flag-0" : `visitor-${i}`,
      attributes: Object.fromEntries(known.map(([name, of]) => [name, oneOf(of)])),
      groups: random() < 0.75 ? { company: oneOf(["acme", "globex"]) } : {},
    };
  });
  const payload = withFlags(JSON.parse(flags.payload()), Object.entries(own));
  return { payload: JSON.stringify(payload), flags: [...keys, ...Object.keys(own)], visitors };
}

type FlagsByKey = readonly (readonly [key: string, flag: object])[];

/** Adds flags to a payload, whose flags are a list or an object. */
function withFlags(payload: object, own: FlagsByKey): object {
  if (Array.isArray(payload)) return [...payload, ...own.map(([, flag]) => flag)];
  const member = "features" in payload ? "features" : "flags";
  const { [member]: flags } = payload as Readonly<Record<string, object>>;
  if (flags === undefined) return payload; // Statsig's
  const all = Array.isArray(flags)
    ? withFlags(flags, own)
    : { ...flags, ...Object.fromEntries(own) };
  const groups = "group_type_mapping" in payload ? { group_type_mapping: { 0: "company" } } : {};
  return { ...payload, [member]: all, ...groups };
}
