import {
  attempt,
  type Decoded,
  expectArray,
  expectNumber,
  expectObject,
  expectString,
  isJsonObject,
  type JsonObject,
  member,
  type Report,
} from "../../conditions/decode.js";
import { DecodeError } from "../../errors/errors.js";
import type { CompileIssue } from "../../model/configuration.js";
import type {
  ActionCoefficients,
  BanditModel,
  BanditReference,
  BanditVariation,
  CategoricalCoefficient,
  NumericCoefficient,
} from "./wire.js";

/** The models of a bandits body. A malformed model is kept as its error. */
export interface BanditModels {
  readonly models: ReadonlyMap<string, Decoded<BanditModel>>;
  /** The models as received, to detect changes. */
  readonly wires: JsonObject;
  readonly issues: readonly CompileIssue[];
}

/** The models of a configuration without a bandits body. */
export const NO_BANDIT_MODELS: BanditModels = { models: new Map(), wires: {}, issues: [] };

/** @throws DecodeError if the body as a whole is unusable. */
export function decodeBanditModels(body: unknown): BanditModels {
  const bandits = expectObject(expectObject(body, "$")["bandits"], "$.bandits");
  const issues: CompileIssue[] = [];
  const models = new Map<string, Decoded<BanditModel>>();
  for (const [banditKey, model] of Object.entries(bandits)) {
    const path = member("$.bandits", banditKey);
    const report = ({ path, problem }: DecodeError): void => {
      issues.push({ path, flagKey: null, code: "malformed", message: problem });
    };
    models.set(
      banditKey,
      attempt(() => decodeModel(banditKey, model, path, report), report),
    );
  }
  return { models, wires: bandits, issues };
}

/** Versions of the models in a bandits body. */
export function modelVersions({ models }: BanditModels): ReadonlySet<string> {
  const versions = new Set<string>();
  for (const model of models.values()) {
    if (!(model instanceof DecodeError)) versions.add(model.modelVersion);
  }
  return versions;
}

/**
 * The bandits that a flags body refers to: from `banditReferences`, which alone have a model version, else
 * from the older `bandits`. Malformed references are ignored.
 */
export function decodeBanditReferences(body: JsonObject): readonly BanditReference[] {
  const { banditReferences, bandits } = body;
  if (isJsonObject(banditReferences) && Object.keys(banditReferences).length > 0) {
    return Object.entries(banditReferences)
      .filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1]))
      .map(([banditKey, reference]) => ({
        banditKey,
        modelVersion:
          typeof reference["modelVersion"] === "string" ? reference["modelVersion"] : null,
        flagVariations: decodeVariations(reference["flagVariations"]),
        path: member("$.banditReferences", banditKey),
      }));
  }
  return Object.entries(isJsonObject(bandits) ? bandits : {}).map(([banditKey, variations]) => ({
    banditKey,
    modelVersion: null,
    flagVariations: decodeVariations(variations),
    path: member("$.bandits", banditKey),
  }));
}

function decodeVariations(value: unknown): readonly BanditVariation[] {
  return (Array.isArray(value) ? value : []).flatMap((it: unknown) => {
    const { key, flagKey, variationValue } = isJsonObject(it) ? it : {};
    if (typeof flagKey !== "string") return [];
    return [{ key: typeof key === "string" ? key : "", flagKey, variationValue }];
  });
}

function decodeModel(mapKey: string, value: unknown, path: string, report: Report): BanditModel {
  const model = expectObject(value, path);
  const dataPath = `${path}.modelData`;
  const data = expectObject(model["modelData"], dataPath);
  const coefficients = expectObject(data["coefficients"], `${dataPath}.coefficients`);
  const { banditKey } = model;
  return {
    banditKey: typeof banditKey === "string" ? banditKey : mapKey,
    modelVersion: expectString(model["modelVersion"], `${path}.modelVersion`),
    gamma: expectNumber(data["gamma"], `${dataPath}.gamma`),
    defaultActionScore: expectNumber(data["defaultActionScore"], `${dataPath}.defaultActionScore`),
    actionProbabilityFloor: expectNumber(
      data["actionProbabilityFloor"],
      `${dataPath}.actionProbabilityFloor`,
    ),
    coefficients: new Map(
      Object.entries(coefficients).map(([actionKey, action]) => [
        actionKey,
        attempt(
          () => decodeAction(actionKey, action, member(`${dataPath}.coefficients`, actionKey)),
          report,
        ),
      ]),
    ),
  };
}

function decodeAction(actionKey: string, value: unknown, path: string): ActionCoefficients {
  const action = expectObject(value, path);
  const numeric = (name: string): readonly NumericCoefficient[] =>
    decodeList(action[name], `${path}.${name}`, decodeNumeric);
  const categorical = (name: string): readonly CategoricalCoefficient[] =>
    decodeList(action[name], `${path}.${name}`, decodeCategorical);
  return {
    actionKey,
    intercept: expectNumber(action["intercept"], `${path}.intercept`),
    subjectNumericCoefficients: numeric("subjectNumericCoefficients"),
    subjectCategoricalCoefficients: categorical("subjectCategoricalCoefficients"),
    actionNumericCoefficients: numeric("actionNumericCoefficients"),
    actionCategoricalCoefficients: categorical("actionCategoricalCoefficients"),
  };
}

function decodeList<T>(
  value: unknown,
  path: string,
  decode: (element: JsonObject, path: string) => T,
): readonly T[] {
  return expectArray(value, path).map((element, i) => {
    const at = `${path}[${i}]`;
    return decode(expectObject(element, at), at);
  });
}

function decodeNumeric(wire: JsonObject, path: string): NumericCoefficient {
  return {
    attributeKey: expectString(wire["attributeKey"], `${path}.attributeKey`),
    coefficient: expectNumber(wire["coefficient"], `${path}.coefficient`),
    missingValueCoefficient: expectNumber(
      wire["missingValueCoefficient"],
      `${path}.missingValueCoefficient`,
    ),
  };
}

function decodeCategorical(wire: JsonObject, path: string): CategoricalCoefficient {
  const values = expectObject(wire["valueCoefficients"], `${path}.valueCoefficients`);
  return {
    attributeKey: expectString(wire["attributeKey"], `${path}.attributeKey`),
    // A value that is not a number counts as missing, as for the vendor.
    valueCoefficients: new Map(
      Object.entries(values).filter((it): it is [string, number] => typeof it[1] === "number"),
    ),
    missingValueCoefficient: expectNumber(
      wire["missingValueCoefficient"],
      `${path}.missingValueCoefficient`,
    ),
  };
}
