import { describe, expect, it } from "vitest";
import type { ActionCoefficients } from "../../bandit/coefficients.js";
import type { AttributesByKind } from "../../model/attributes.js";
import type { WeighedAction } from "../../model/bandit.js";
import { createBandit } from "./evaluate.js";

function weighed(
  coefficients: readonly ActionCoefficients[],
  subject: AttributesByKind,
  actions: Readonly<Record<string, AttributesByKind>>,
): readonly WeighedAction[] {
  const bandit = createBandit({
    banditKey: "b",
    modelVersion: "v1",
    gamma: 1,
    defaultActionScore: 0,
    actionProbabilityFloor: 0,
    coefficients: new Map(coefficients.map((action) => [action.actionKey, action])),
  });
  return bandit.weighed(subject, actions);
}

describe("the score of an action", () => {
  it("reads each attribute of the subject once, and only those with a coefficient", () => {
    const reads: string[] = [];
    const read = <T>(key: string, value: T): T => {
      reads.push(key);
      return value;
    };
    const asked = (actionKey: string): ActionCoefficients => ({
      actionKey,
      intercept: 0,
      subjectNumericCoefficients: [
        { attributeKey: "age", coefficient: 1, missingValueCoefficient: 0 },
      ],
      subjectCategoricalCoefficients: [
        { attributeKey: "plan", valueCoefficients: new Map(), missingValueCoefficient: 0 },
      ],
      actionNumericCoefficients: [],
      actionCategoricalCoefficients: [],
    });
    const other = {
      ...asked("other"),
      subjectNumericCoefficients: [
        { attributeKey: "height", coefficient: 1, missingValueCoefficient: 0 },
      ],
    };
    const subject = {
      numericAttributes: {
        get age() {
          return read("age", 30);
        },
        get height() {
          return read("height", 180);
        },
      },
      categoricalAttributes: {
        get plan() {
          return read("plan", "pro");
        },
        get city() {
          return read("city", "Aarhus");
        },
      },
    };
    const none = { numericAttributes: {}, categoricalAttributes: {} };
    weighed([asked("x"), asked("y"), asked("z"), other], subject, { x: none, y: none, z: none });
    expect(reads).toEqual(["age", "plan"]);
  });
});
