import { jsonObject, MISSING, type Random } from "@sortition/dialect-kit/differential";
import { CONDITION_VALUES, OPERATOR_NAMES, UNKNOWN_OPERATORS } from "./condition-values.js";
import { ATTRIBUTE_NAMES } from "./subjects.js";

/** Rules of an allocation, and their edge cases. */
export interface GeneratedRules {
  readonly wire: unknown;
  readonly edges: readonly string[];
}

const RULE_EDGES = {
  missing: "rules: missing",
  null: "rules: null",
  empty: "rules: empty list",
  noConditions: "rule: no conditions",
  several: "rules: several",
  conjunction: "rule: several conditions",
  sameAttribute: "condition: on id",
} as const;

/** Names of all edge cases of rules. */
export const TARGETING_EDGES: readonly string[] = [
  ...Object.values(RULE_EDGES),
  ...UNKNOWN_OPERATORS.map(({ name }) => name),
];

/** Generates the rules of one allocation. `form` is that of the body. */
export function generateRules(random: Random, form: string): GeneratedRules {
  const kind = random.next();
  if (kind < 0.12) return { wire: MISSING, edges: [RULE_EDGES.missing] };
  if (kind < 0.16) return { wire: null, edges: [RULE_EDGES.null] };
  if (kind < 0.2) return { wire: [], edges: [RULE_EDGES.empty] };
  const edges: string[] = [];
  const count = random.chance(0.7) ? 1 : random.integer(2, 3);
  if (count > 1) edges.push(RULE_EDGES.several);
  const wire = random.times(count, () => {
    const size = random.chance(0.04) ? 0 : random.chance(0.75) ? 1 : random.integer(2, 3);
    if (size === 0) edges.push(RULE_EDGES.noConditions);
    if (size > 1) edges.push(RULE_EDGES.conjunction);
    return {
      conditions: random.times(size, () => generateCondition(random, form, edges)),
    };
  });
  return { wire, edges };
}

function generateCondition(random: Random, form: string, edges: string[]): unknown {
  const attribute = random.pick(ATTRIBUTE_NAMES);
  if (attribute === "id") edges.push(RULE_EDGES.sameAttribute);
  const operator = random.pick(OPERATOR_NAMES);
  const value = random.deal(`${form} ${operator}`, CONDITION_VALUES[operator] ?? []);
  if (random.chance(0.04)) {
    const unknown = random.deal("unknown operators", UNKNOWN_OPERATORS);
    edges.push(unknown.name);
    return jsonObject([
      ["attribute", attribute],
      ["operator", unknown.value],
      ["value", value.value],
    ]);
  }
  return jsonObject([
    ["attribute", attribute],
    ["operator", operator],
    ["value", value.value],
  ]);
}
