import type { GeneratedDefinitions } from "./definitions.js";
import type { GeneratedPerson } from "./requests.js";

/** One filter for each operator. The opposite operator has another outcome for {@link PLAIN_PERSON}. */
const FILTERS: readonly (readonly [key: string, operator: string, value: unknown])[] = [
  ["text", "exact", "abc"],
  ["text", "icontains", "B"],
  ["text", "starts_with", "ab"],
  ["text", "ends_with", "bc"],
  ["text", "regex", "^a"],
  ["number", "gt", 5],
  ["number", "gte", 7],
  ["number", "lt", 7],
  ["date", "is_date_before", "2023-01-01"],
  ["version", "semver_eq", "1.2.3"],
  ["version", "semver_gt", "1.2.2"],
  ["version", "semver_lt", "1.2.4"],
  ["version", "semver_tilde", "1.2.3"],
  ["version", "semver_caret", "1.2.3"],
  ["version", "semver_wildcard", "2.*"],
  ["text", "is_set", "is_set"],
  ["text", "between", "a"],
];

/** One flag for each operator, because random sets may miss a fault in a rare one. */
export const PLAIN_DEFINITIONS: GeneratedDefinitions = plainDefinitions();

/** The person for whom {@link PLAIN_DEFINITIONS} are evaluated. */
export const PLAIN_PERSON: GeneratedPerson = {
  distinctId: "alice",
  personProperties: { text: "abc", number: 7, date: "2022-06-01", version: "1.2.3" },
  groups: {},
  groupProperties: {},
  edges: new Set(),
};

function plainDefinitions(): GeneratedDefinitions {
  const flags = FILTERS.map(([key, operator, value], i) => {
    const properties = [{ key, type: "person", operator, value }];
    const filters = { groups: [{ properties, rollout_percentage: 100 }] };
    const wire = { id: i + 1, key: `plain-${operator}`, active: true, filters };
    return { key: wire.key, wire, edges: new Set<string>() };
  });
  const body = { flags: flags.map(({ wire }) => wire), group_type_mapping: {}, cohorts: {} };
  return { flags, body, evaluationContexts: [] };
}
