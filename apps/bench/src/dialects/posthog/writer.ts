import { seededRandom } from "@sortition/test-kit/random";
import { COUNTRIES, LEAST_VERSION, RANKINGS } from "../../workload/audience.js";
import type { FlagBody, Writer } from "../writer.js";

export const posthogWriter: Writer = {
  member: "flags",
  bytes(flags) {
    const settings = {
      group_type_mapping: { "0": "company" },
      cohorts: {},
      property_matching_version: 2,
    };
    return new TextEncoder().encode(JSON.stringify({ flags, ...settings }));
  },
  halves: ["control", "test"],
  half: (key) => flagOf(key, [conditionOf()], ["control", "test"]),
  targeted: (key) => targetedFlag(key, 100),
  ruled: (key, ruleCount) =>
    flagOf(
      key,
      Array.from({ length: ruleCount }, (_, i) =>
        conditionOf([
          filterOf("country", "exact", ["DE", "FR"]),
          filterOf("plan", "exact", [`plan-${i}`]),
        ]),
      ),
    ),
  listed: (key, accounts) => flagOf(key, [conditionOf([filterOf("account", "exact", accounts)])]),
  shop: shopFlag,
  fixed: (key, value) => flagOf(key, [conditionOf()], [value]),
};

/** Creates a flag for a share of the people that pass its filters. Below 100%, it takes two hashes. */
export function targetedFlag(key: string, rollout: number): FlagBody {
  const filters = [
    filterOf("country", "exact", COUNTRIES),
    filterOf("appVersion", "semver_gte", LEAST_VERSION),
  ];
  return flagOf(key, [conditionOf(filters, rollout)], RANKINGS);
}

/** Creates a flag for people that pass the filters, split evenly between its variants. Without variants, it is on for all of them. */
function flagOf(
  key: string,
  groups: readonly object[],
  variants: readonly string[] = [],
): FlagBody {
  const share = 100 / variants.length;
  const split = variants.map((it) => ({ key: it, name: it, rollout_percentage: share }));
  return {
    id: 1,
    key,
    name: `Flag ${key}`,
    active: true,
    version: 3,
    ensure_experience_continuity: false,
    has_experiment: true,
    filters: {
      groups,
      payloads: {},
      multivariate: split.length === 0 ? null : { variants: split },
    },
  };
}

/** Creates a condition group: filters on properties of the person, and a share of the people that pass them. */
function conditionOf(properties: readonly object[] = [], rollout = 100): object {
  return { properties, rollout_percentage: rollout, variant: null };
}

function filterOf(key: string, operator: string, value: unknown): object {
  return { key, operator, value, type: "person" };
}

function shopFlag(index: number): FlagBody {
  const random = seededRandom(index + 1);
  const key = `team-${index % 40}-feature-${index}`;
  const version = `${Math.floor(random() * 9)}.${Math.floor(random() * 20)}.0`;
  const filters = [
    filterOf("country", "exact", COUNTRIES),
    filterOf("appVersion", "semver_gte", version),
  ];
  const flag = flagOf(key, [conditionOf(filters)], ["control", "first", "second"]);
  const payloads = { first: JSON.stringify({ layout: "list", columns: 1 }), second: '"grid"' };
  return { ...flag, id: index + 1, filters: { ...(flag["filters"] as object), payloads } };
}
