import type { DemoSubject } from "../subjects.js";

/** A visitor as PostHog's person. */
export interface DemoPerson {
  readonly distinctId: string;
  readonly personProperties: Readonly<Record<string, string>>;
}

/** Converts a visitor to a person. Integers become strings, because PostHog compares strings. */
export function personOf({ subjectAttributes, subjectKey }: DemoSubject): DemoPerson {
  const properties = Object.entries(subjectAttributes)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => [name, String(value)]);
  return { distinctId: subjectKey, personProperties: Object.fromEntries(properties) };
}

/** Returns the shop's flags as PostHog's server would send them. */
export function shopDefinitions(): object {
  return {
    flags: [
      flag("new-checkout", [condition([property("country", "exact", ["DK", "NL", "DE"])], 50)]),
      flag("checkout-button", [condition([], 80)], {
        control: 33.33,
        urgent: 33.34,
        friendly: 33.33,
      }),
      flag("free-shipping", [
        condition([cohort(1)]),
        condition([property("appVersion", "semver_gte", "2.1.0")], 30),
      ]),
      flag("hero-banner", [condition([property("country", "is_not", ["US"])])], {
        spring: 20,
        welcome: 80,
      }),
      flag("express-payment", [condition([isOn("new-checkout")], 80)]),
    ],
    group_type_mapping: {},
    cohorts: {
      1: {
        type: "OR",
        values: [
          { type: "AND", values: [property("tier", "regex", "^(gold|platinum)$")] },
          { type: "AND", values: [property("email", "icontains", "7@SHOP.example")] },
        ],
      },
    },
    property_matching_version: 2,
  };
}

function flag(
  key: string,
  groups: readonly object[],
  shares: Readonly<Record<string, number>> = {},
) {
  const variants = Object.entries(shares).map(([name, share]) => ({
    key: name,
    rollout_percentage: share,
  }));
  const payloads = Object.fromEntries(
    variants.map(({ key: name }) => [name, JSON.stringify({ name })]),
  );
  const multivariate = variants.length === 0 ? null : { variants };
  return {
    id: key.length,
    key,
    active: true,
    version: 1,
    has_experiment: true,
    filters: { groups, multivariate, payloads },
  };
}

function condition(properties: readonly object[], rollout = 100): object {
  return { properties, rollout_percentage: rollout, variant: null };
}

function property(key: string, operator: string, value: unknown): object {
  return { key, operator, value, type: "person" };
}

function cohort(id: number): object {
  return { key: "id", value: id, type: "cohort" };
}

function isOn(key: string): object {
  return { key, value: true, operator: "flag_evaluates_to", type: "flag", dependency_chain: [key] };
}
