import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type {
  ActionCoefficients,
  CategoricalCoefficient,
  NumericCoefficient,
} from "../../bandit/coefficients.js";
import type { AttributesByKind, ScalarAttributes } from "../../model/attributes.js";
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

/** A literal implementation of the specified rule. */
function plainScore(
  action: ActionCoefficients,
  subject: AttributesByKind,
  own: AttributesByKind,
): number {
  const numeric = (terms: readonly NumericCoefficient[], attributes: ScalarAttributes): number =>
    terms.reduce((sum, { attributeKey, coefficient, missingValueCoefficient }) => {
      const value = attributes[attributeKey];
      return sum + (typeof value === "number" ? value * coefficient : missingValueCoefficient);
    }, 0);
  const categorical = (
    terms: readonly CategoricalCoefficient[],
    attributes: ScalarAttributes,
  ): number =>
    terms.reduce((sum, { attributeKey, valueCoefficients, missingValueCoefficient }) => {
      const text = attributes[attributeKey]?.toString() ?? "";
      const known = text === "" ? undefined : valueCoefficients.get(text);
      return sum + (known ?? missingValueCoefficient);
    }, 0);
  return (
    action.intercept +
    numeric(action.subjectNumericCoefficients, subject.numericAttributes) +
    categorical(action.subjectCategoricalCoefficients, subject.categoricalAttributes) +
    numeric(action.actionNumericCoefficients, own.numericAttributes) +
    categorical(action.actionCategoricalCoefficients, own.categoricalAttributes)
  );
}

const amount = fc.double({ min: -1e3, max: 1e3, noNaN: true });
const name = fc.constantFrom("a", "b", "c", "__proto__x", "10");
/** Enough names that a table of a few of them has collisions and gaps. */
const text = fc.integer({ min: 0, max: 60 }).map((i) => (i === 0 ? "" : `text ${i}`));

const numericTerms: fc.Arbitrary<NumericCoefficient[]> = fc.array(
  fc.record({ attributeKey: name, coefficient: amount, missingValueCoefficient: amount }),
  { maxLength: 6 },
);
const categoricalTerms: fc.Arbitrary<CategoricalCoefficient[]> = fc.array(
  fc.record({
    attributeKey: name,
    valueCoefficients: fc
      .array(fc.tuple(text, amount), { maxLength: 20 })
      .map((entries) => new Map(entries)),
    missingValueCoefficient: amount,
  }),
  { maxLength: 6 },
);
const attributes: fc.Arbitrary<AttributesByKind> = fc.record({
  numericAttributes: fc.dictionary(name, fc.oneof(amount, text)),
  categoricalAttributes: fc.dictionary(name, fc.oneof(text, fc.boolean(), fc.constant(null))),
});

describe("the score of an action", () => {
  it("equals the specified rule to the last bit", () => {
    const action = fc.record({
      intercept: amount,
      subjectNumericCoefficients: numericTerms,
      subjectCategoricalCoefficients: categoricalTerms,
      actionNumericCoefficients: numericTerms,
      actionCategoricalCoefficients: categoricalTerms,
    });
    const offered = fc.array(fc.tuple(action, attributes), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(attributes, offered, (subject, pairs) => {
        const actions = pairs.map(([it], i) => ({ ...it, actionKey: `action ${i}` }));
        const given = Object.fromEntries(pairs.map(([, own], i) => [`action ${i}`, own]));
        const scores = weighed(actions, subject, given).map(({ score }) => score);
        expect(scores).toEqual(actions.map((it, i) => plainScore(it, subject, pairs[i]![1])));
      }),
      { numRuns: 500 },
    );
  });

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
