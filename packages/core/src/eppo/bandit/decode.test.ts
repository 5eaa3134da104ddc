import { describe, expect, it } from "vitest";
import type { BanditModel } from "../../bandit/coefficients.js";
import { DecodeError } from "../../errors/errors.js";
import {
  decodeBanditModels,
  decodeBanditReferences,
  modelVersions,
  NO_BANDIT_MODELS,
} from "./decode.js";

function model(overrides: object = {}) {
  return {
    banditKey: "b",
    modelName: "falcon",
    modelVersion: "v1",
    modelData: {
      gamma: 1,
      defaultActionScore: 0,
      actionProbabilityFloor: 0.1,
      coefficients: {
        nike: {
          actionKey: "nike",
          intercept: 1,
          subjectNumericCoefficients: [
            { attributeKey: "age", coefficient: 0.1, missingValueCoefficient: 0 },
          ],
          subjectCategoricalCoefficients: [
            {
              attributeKey: "plan",
              valueCoefficients: { pro: 2, free: "x" },
              missingValueCoefficient: 0,
            },
          ],
          actionNumericCoefficients: [],
          actionCategoricalCoefficients: [],
        },
      },
      ...overrides,
    },
  };
}

describe("decodeBanditModels", () => {
  it.each([
    { body: [], because: "it is not an object" },
    { body: { bandits: [] }, because: "its bandits are a list" },
  ])("refuses a body, because $because", ({ body }) => {
    expect(() => decodeBanditModels(body)).toThrow(DecodeError);
  });

  it.each([{ body: {} }, { body: { bandits: null } }])("has no models in $body", ({ body }) => {
    expect(decodeBanditModels(body)).toBe(NO_BANDIT_MODELS);
  });

  it("ignores a value of a category that is not a number", () => {
    const { models } = decodeBanditModels({ bandits: { b: model() } });
    const decoded = models.get("b") as BanditModel;
    const [plan] = decoded.coefficients.get("nike")!.subjectCategoricalCoefficients;
    expect([...plan!.valueCoefficients]).toEqual([["pro", 2]]);
  });

  it("keeps a malformed model as received, with its first error, next to valid models", () => {
    const { models } = decodeBanditModels({ bandits: { bad: model({ gamma: "1" }), b: model() } });
    const { modelData } = model({ gamma: "1" });
    expect(models.get("bad")).toEqual({
      banditKey: "b",
      modelVersion: "v1",
      data: modelData,
      failure: expect.any(DecodeError),
    });
    expect(models.get("b")).not.toHaveProperty("failure");
  });

  it("keeps a model with a malformed action as received, and names each of them", () => {
    const coefficients = { bad: {}, nike: model().modelData.coefficients.nike, worse: null };
    const { models, issues } = decodeBanditModels({ bandits: { b: model({ coefficients }) } });
    expect(models.get("b")).toMatchObject({
      data: { coefficients },
      failure: { path: issues[0]!.path },
    });
    expect(issues.map(({ path }) => path)).toEqual([
      '$.bandits["b"].modelData.coefficients["bad"].intercept',
      '$.bandits["b"].modelData.coefficients["worse"]',
    ]);
  });

  it("uses the key inside a model, or else the key of its entry", () => {
    const { models } = decodeBanditModels({
      bandits: { a: { ...model(), banditKey: "inner" }, b: { ...model(), banditKey: 7 } },
    });
    const keys = [...models.values()].map(({ banditKey }) => banditKey);
    expect(keys).toEqual(["inner", "b"]);
  });

  it("names the path of a malformed part", () => {
    const { issues } = decodeBanditModels({ bandits: { bad: model({ gamma: "1" }) } });
    expect(issues).toEqual([
      {
        path: '$.bandits["bad"].modelData.gamma',
        flagKey: null,
        code: "malformed",
        message: "expected a number, got a string",
      },
    ]);
  });

  it("treats __proto__ as an ordinary bandit", () => {
    const body = JSON.parse(`{"bandits":{"__proto__":${JSON.stringify(model())}}}`);
    expect([...decodeBanditModels(body).models.keys()]).toEqual(["__proto__"]);
  });
});

describe("modelVersions", () => {
  it("include malformed models", () => {
    const bad = { ...model({ gamma: null }), modelVersion: "v2" };
    const models = decodeBanditModels({ bandits: { bad, b: model() } });
    expect([...modelVersions(models)]).toEqual(["v2", "v1"]);
  });
});

describe("decodeBanditReferences", () => {
  const variation = { key: "b", flagKey: "f", variationValue: "b" };

  it.each([
    { body: {}, keys: [], because: "there are none" },
    {
      body: { banditReferences: { b: { modelVersion: "v1", flagVariations: [variation] } } },
      keys: ["b v1 1"],
      because: "the newer form has the version",
    },
    {
      body: { bandits: { b: [variation] } },
      keys: ["b null 1"],
      because: "the older form does not",
    },
    {
      body: { bandits: { old: [variation] }, banditReferences: { b: { modelVersion: "v1" } } },
      keys: ["b v1 0"],
      because: "the newer form is preferred",
    },
    {
      body: { bandits: { old: [variation] }, banditReferences: {} },
      keys: ["old null 1"],
      because: "the newer form is empty",
    },
    {
      body: {
        banditReferences: { a: null, b: { modelVersion: 1, flagVariations: [1, variation] } },
      },
      keys: ["b null 1"],
      because: "malformed ones are ignored",
    },
  ])("are $keys, because $because", ({ body, keys }) => {
    const found = decodeBanditReferences(body).map(
      ({ banditKey, modelVersion, flagVariations }) =>
        `${banditKey} ${modelVersion} ${flagVariations.length}`,
    );
    expect(found).toEqual(keys);
  });
});
