import {
  expectObject,
  type JsonObject,
  type PatternGuard,
  type Report,
  unexpected,
} from "@sortition/core/dialect";
import { isCohortOperator, USER_GROUP_TYPE } from "../cohorts/cohorts.js";
import { selectorAt } from "../evaluation/bucket.js";
import type { EvaluationCall } from "../evaluation/evaluation-call.js";
import { compileOperator } from "./operators.js";
import { type Selector, selectsNothing } from "./selector.js";

/** A test of a selected value. */
export interface Condition {
  readonly select: Selector;
  /** @throws in the same cases as the vendor's SDK when it reaches the condition. */
  isTrue(call: EvaluationCall): boolean;
}

export function compileCondition(
  raw: unknown,
  path: string,
  report: Report,
  guard: PatternGuard,
): Condition {
  const wire = expectObject(raw, path);
  const { op, selector, values } = wire;
  const select = selectorAt(selector, `${path}.selector`);
  // The vendor reads the values of such a condition, so they must be a list.
  if (select === selectsNothing && !Array.isArray(values)) {
    throw unexpected(`${path}.values`, "an array", values);
  }
  const isTrue = compileOperator({ op, select, values, path, report, guard });
  const ids = userCohortsOf(wire);
  if (ids === null) return { select, isTrue };
  const isNegated = op !== "set contains any";
  return {
    select,
    // Has the same result as testing the list of the user's cohorts, without building that list.
    isTrue(call) {
      const { memberId } = call;
      if (!memberId) return isTrue(call);
      for (let i = 0; i < ids.length; i++) {
        if (call.isMember(ids[i]!, USER_GROUP_TYPE, memberId)) return !isNegated; // i < length
      }
      return isNegated;
    },
  };
}

/** Returns the cohorts in which a condition looks for the user, or `null` for other conditions. */
function userCohortsOf({ op, selector, values }: JsonObject): readonly string[] | null {
  if (!isCohortOperator(op) || !Array.isArray(selector) || !Array.isArray(values)) return null;
  const [root, part, field, ...rest] = selector as readonly unknown[];
  const isUser = root === "context" && part === "user" && field === "cohort_ids";
  if (!isUser || rest.length > 0 || values.length === 0) return null;
  // The vendor ignores the case of `true` and `false`, and drops empty ids.
  const isOrdinary = (id: unknown): boolean =>
    typeof id === "string" && id !== "" && !/^(?:true|false)$/i.test(id);
  return values.every(isOrdinary) ? (values as readonly string[]) : null; // just checked
}
