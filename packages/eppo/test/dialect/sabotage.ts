import {
  type DifferentialSuite,
  jsonTextOf,
  mapObjects,
} from "@sortition/dialect-kit/differential";
import { OPERATOR_NAMES } from "./condition-values.js";
import type { GeneratedConfiguration } from "./configurations.js";
import type { Case } from "./deliberate.js";
import { md5 } from "./obfuscate.js";
import type { BodySabotage, FlagsExtent } from "./plan.js";

type SabotageSuite = Required<
  Pick<DifferentialSuite<Case, FlagsExtent, BodySabotage>, "sabotages" | "brief" | "showsSabotage">
>;

/** For each operator, the wrong operator that replaces it. */
const BROKEN_OPERATORS: Readonly<Record<string, string>> = {
  MATCHES: "NOT_MATCHES",
  NOT_MATCHES: "MATCHES",
  GTE: "GT",
  GT: "GTE",
  LTE: "LT",
  LT: "LTE",
  ONE_OF: "NOT_ONE_OF",
  NOT_ONE_OF: "ONE_OF",
  // The operator has no opposite, so `breakOperator` negates its value.
  IS_NULL: "IS_NULL",
};

/** Sabotages for a differential test of flags: each operator is broken. */
export const OPERATOR_SABOTAGES: SabotageSuite = {
  sabotages: OPERATOR_NAMES.map((operator) => ({
    name: `operator ${operator}`,
    sabotage: (configuration) => breakOperator(configuration, operator),
  })),
  // Enough to cover each operator.
  brief: { configurations: 160, subjectsEach: 10 },
  // The rule in the details is a copy from the payload, not a result.
  showsSabotage: ({ differences }) => differences.some(({ path }) => !path.includes("matchedRule")),
};

/** Returns the configuration as JSON, with one operator replaced. */
function breakOperator({ body }: GeneratedConfiguration, operator: string): string {
  const replacement = BROKEN_OPERATORS[operator] ?? operator;
  const replaced = mapObjects(body, (condition) => {
    if (condition["operator"] === operator) {
      return operator === "IS_NULL"
        ? { ...condition, value: !condition["value"] }
        : { ...condition, operator: replacement };
    }
    if (condition["operator"] !== md5(operator)) return condition;
    return operator === "IS_NULL"
      ? { ...condition, value: md5(String(condition["value"] !== md5("true"))) }
      : { ...condition, operator: md5(replacement) };
  });
  return jsonTextOf(replaced);
}
