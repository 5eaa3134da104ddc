import { describe, expect, it } from "vitest";
import { DecodeError } from "../../errors/errors.js";
import { decodeBanditModels } from "./decode.js";
import { createBandit } from "./evaluate.js";

const NIKE = {
  actionKey: "nike",
  intercept: 1,
  subjectNumericCoefficients: [{ attributeKey: "age", coefficient: 2, missingValueCoefficient: 0 }],
  subjectCategoricalCoefficients: [
    { attributeKey: "plan", valueCoefficients: { pro: 4 }, missingValueCoefficient: 0 },
  ],
  actionNumericCoefficients: [],
  actionCategoricalCoefficients: [],
};
const DATA = {
  gamma: 1,
  defaultActionScore: 0,
  actionProbabilityFloor: 0,
  coefficients: { nike: NIKE },
};

function banditOf(data: object | null, root: object = {}) {
  const wire = { banditKey: "b", modelVersion: "v1", modelData: data, ...root };
  const { models, issues } = decodeBanditModels({ bandits: { b: wire } });
  expect(issues).not.toEqual([]);
  return createBandit(models.get("b")!);
}

const SUBJECT = { age: 1, plan: "pro" };
const weights = (data: object | null, actions: readonly string[] = ["adidas", "nike"]) =>
  banditOf(data).weighed(SUBJECT, actions);

describe("a malformed model, as in the vendor's SDK,", () => {
  it.each([
    { data: { ...DATA, gamma: {} } as object, part: "gamma, with one action alone" },
    { data: { ...DATA, gamma: { toString: 1, valueOf: 1 } }, part: "gamma without a string form" },
    { data: { ...DATA, defaultActionScore: {} }, part: "default score" },
    { data: { ...DATA, coefficients: { nike: NIKE, puma: null } }, part: "other action" },
  ])("is not affected by a part that is not reached: $part", ({ data }) => {
    expect(weights(data, ["nike"])).toEqual([{ action: "nike", score: 7, weight: 1 }]);
    expect(banditOf(data).best(SUBJECT, ["nike"])).toBe("nike");
  });

  it.each([
    { data: null, path: "modelData" },
    { data: {}, path: "modelData.coefficients" },
    { data: { ...DATA, gamma: { toString: 1, valueOf: 1 } }, path: "modelData.gamma" },
    { data: { ...DATA, coefficients: null }, path: "modelData.coefficients" },
    {
      data: { ...DATA, coefficients: { nike: { intercept: 1 } } },
      path: 'modelData.coefficients["nike"].subjectNumericCoefficients',
    },
  ])("fails with the path $path if a conversion fails", ({ data, path }) => {
    const bandit = banditOf(data);
    const choosing = () => bandit.choose("f", "alice", SUBJECT, ["adidas", "nike"]);
    expect(choosing).toThrow(DecodeError);
    expect(choosing).toThrow(`$.bandits["b"].${path}`);
    expect(bandit.choose("f", "alice", SUBJECT, [])).toBeNull();
  });

  it("fails if the best score is null, which any following score beats", () => {
    const coefficients = { nike: { ...NIKE, intercept: -99 } };
    const data = { ...DATA, coefficients, defaultActionScore: null };
    expect(banditOf(data).best(SUBJECT, ["adidas", "nike"])).toBe("nike");
    expect(banditOf(data).best(SUBJECT, ["adidas", "puma"])).toBe("puma");
    expect(() => weights(data, ["adidas", "puma"])).toThrow(DecodeError);
  });

  it("has an empty version if it is not a string", () => {
    const choice = banditOf(DATA, { modelVersion: 7 }).choose("f", "alice", SUBJECT, ["nike"]);
    expect(choice).toMatchObject({ action: "nike", modelVersion: "" });
  });
});
