import { createRandom } from "../../workload/random.js";

/** A flag as the server sends it. */
export interface FlagBody {
  readonly id: number;
  readonly key: string;
  readonly active: boolean;
  readonly [member: string]: unknown;
}

/** The bytes of definitions. */
export function definitionBytes(flags: readonly FlagBody[], cohorts: object = {}): Uint8Array {
  const body = {
    flags,
    group_type_mapping: { "0": "company" },
    cohorts,
    property_matching_version: 2,
  };
  return new TextEncoder().encode(JSON.stringify(body));
}

/** A flag for those who pass the filters, split evenly between the variants; without any it is on for them. */
export function flagOf(key: string, conditions: readonly object[], variants: string[]): FlagBody {
  const share = 100 / variants.length;
  return {
    id: 1,
    key,
    name: `Flag ${key}`,
    active: true,
    version: 3,
    ensure_experience_continuity: false,
    has_experiment: true,
    filters: {
      groups: conditions,
      payloads: {},
      multivariate:
        variants.length === 0
          ? null
          : { variants: variants.map((it) => ({ key: it, name: it, rollout_percentage: share })) },
    },
  };
}

/** A condition group: filters on properties of the person, and a share of those who pass them. */
export function conditionOf(properties: readonly object[] = [], rollout = 100): object {
  return { properties, rollout_percentage: rollout, variant: null };
}

/** A filter on a property of the person. */
export function filterOf(key: string, operator: string, value: unknown): object {
  return { key, operator, value, type: "person" };
}

/** The variants of {@link halves}. */
export const HALVES: readonly string[] = ["control", "test"];

/** An experiment for everybody, half and half. */
export function halves(key: string): FlagBody {
  return flagOf(key, [conditionOf()], [...HALVES]);
}

/** Flags of a large shop. */
export function shopFlags(count: number): readonly FlagBody[] {
  return Array.from({ length: count }, (_, i) => shopFlag(i));
}

/** Key of one of {@link shopFlags}. */
export function shopKey(index: number): string {
  return `team-${index % 40}-feature-${index}`;
}

/** Properties of a person whom some of {@link shopFlags} target. */
export const SHOPPER: Readonly<Record<string, string>> = { country: "DE", appVersion: "5.0.0" };

function shopFlag(index: number): FlagBody {
  const random = createRandom(index + 1);
  const key = shopKey(index);
  const version = `${Math.floor(random() * 9)}.${Math.floor(random() * 20)}.0`;
  const filters = [
    filterOf("country", "exact", ["DE", "FR", "IT", "PL", "ES"]),
    filterOf("appVersion", "semver_gte", version),
  ];
  const flag = flagOf(key, [conditionOf(filters)], ["control", "first", "second"]);
  const payloads = { first: JSON.stringify({ layout: "list", columns: 1 }), second: '"grid"' };
  return { ...flag, id: index + 1, filters: { ...(flag["filters"] as object), payloads } };
}

/** The flag whose variant is the version of the served definitions. */
export const MARKER = "served-version";

/** What changes from one version to the next. */
export type Change = "all" | "one" | "cohorts";

/** Version 0 or 1 of large definitions, between which all flags or only {@link MARKER} differ. */
export function versionBytes(change: Change, version: number): Uint8Array {
  const flags = shopFlags(9_999).map((flag) =>
    change === "all" ? { ...flag, version: 3 + version } : flag,
  );
  const marker = flagOf(MARKER, [conditionOf()], [`${version}`]);
  return definitionBytes([...flags, marker], change === "cohorts" ? largeCohorts() : {});
}

/** 5 MB of cohorts. */
function largeCohorts(): object {
  return Object.fromEntries(
    Array.from({ length: 50 }, (_, id) => {
      const value = Array.from({ length: 4_800 }, (_, i) => `account-${id}-${1_000_000 + i}`);
      const filters = [filterOf("account", "exact", value)];
      return [String(id), { type: "OR", values: [{ type: "AND", values: filters }] }];
    }),
  );
}
