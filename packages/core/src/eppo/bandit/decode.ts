import type {
  ActionCoefficients,
  BanditModel,
  CategoricalCoefficient,
  NumericCoefficient,
} from "../../bandit/coefficients.js";
import {
  attempt,
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
import { decodeEach, decodeMember, stringOr } from "../decode-member.js";
import type { BanditReference, BanditVariation, MalformedModel } from "./wire.js";

/** The bandit models of a body. A malformed model is kept as received, with its error. */
export interface BanditModels {
  readonly models: ReadonlyMap<string, BanditModel | MalformedModel>;
  /** The models as received, to detect changes. */
  readonly wires: JsonObject;
  readonly issues: readonly CompileIssue[];
}

/** The models of a configuration without a bandits body. */
export const NO_BANDIT_MODELS: BanditModels = { models: new Map(), wires: {}, issues: [] };

/**
 * Decodes the bandit models of a body. Returns {@link NO_BANDIT_MODELS} if `bandits` is absent or `null`.
 *
 * @throws DecodeError if the whole body is unusable.
 */
export function decodeBanditModels(body: unknown): BanditModels {
  const wires = expectObject(body, "$")["bandits"] ?? null;
  if (wires === null) return NO_BANDIT_MODELS;
  const bandits = expectObject(wires, "$.bandits");
  const issues: CompileIssue[] = [];
  const models = new Map<string, BanditModel | MalformedModel>();
  for (const [banditKey, model] of Object.entries(bandits)) {
    const path = member("$.bandits", banditKey);
    let failure: DecodeError | null = null;
    const report = (error: DecodeError): void => {
      failure ??= error;
      const { path, problem } = error;
      issues.push({ path, flagKey: null, code: "malformed", message: problem });
    };
    const decoded = attempt(() => decodeModel(banditKey, model, path, report), report);
    // One malformed action makes its model malformed. Decoding continues only to find further errors.
    models.set(
      banditKey,
      failure === null ? (decoded as BanditModel) : asReceived(banditKey, model, failure),
    );
  }
  return { models, wires: bandits, issues };
}

export function modelVersions({ models }: BanditModels): ReadonlySet<string> {
  const versions = new Set<string>();
  for (const { modelVersion } of models.values()) versions.add(modelVersion);
  return versions;
}

/**
 * Decodes the bandits that the flags refer to, from `banditReferences`, or from the older `bandits`, which has no model
 * versions. Malformed references are ignored.
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
    return [{ key: stringOr("", key), flagKey, variationValue }];
  });
}

function decodeModel(mapKey: string, value: unknown, path: string, report: Report): BanditModel {
  const model = expectObject(value, path);
  const data = decodeMember(model, path, "modelData", expectObject);
  const dataPath = `${path}.modelData`;
  const coefficients = decodeMember(data, dataPath, "coefficients", expectObject);
  return {
    banditKey: stringOr(mapKey, model["banditKey"]),
    modelVersion: decodeMember(model, path, "modelVersion", expectString),
    gamma: decodeMember(data, dataPath, "gamma", expectNumber),
    defaultActionScore: decodeMember(data, dataPath, "defaultActionScore", expectNumber),
    actionProbabilityFloor: decodeMember(data, dataPath, "actionProbabilityFloor", expectNumber),
    coefficients: new Map(
      Object.entries(coefficients).flatMap(([actionKey, action]) => {
        const path = member(`${dataPath}.coefficients`, actionKey);
        const decoded = attempt(() => decodeAction(actionKey, action, path), report);
        return decoded instanceof DecodeError ? [] : [[actionKey, decoded] as const];
      }),
    ),
  };
}

function asReceived(mapKey: string, value: unknown, failure: DecodeError): MalformedModel {
  const { banditKey, modelVersion, modelData } = isJsonObject(value) ? value : {};
  return {
    banditKey: stringOr(mapKey, banditKey),
    modelVersion: stringOr("", modelVersion),
    data: modelData,
    failure,
  };
}

function decodeAction(actionKey: string, value: unknown, path: string): ActionCoefficients {
  const action = expectObject(value, path);
  const numeric = (name: string): readonly NumericCoefficient[] =>
    decodeEach(action[name], `${path}.${name}`, decodeNumeric);
  const categorical = (name: string): readonly CategoricalCoefficient[] =>
    decodeEach(action[name], `${path}.${name}`, decodeCategorical);
  return {
    actionKey,
    intercept: decodeMember(action, path, "intercept", expectNumber),
    subjectNumericCoefficients: numeric("subjectNumericCoefficients"),
    subjectCategoricalCoefficients: categorical("subjectCategoricalCoefficients"),
    actionNumericCoefficients: numeric("actionNumericCoefficients"),
    actionCategoricalCoefficients: categorical("actionCategoricalCoefficients"),
  };
}

function decodeNumeric(value: unknown, path: string): NumericCoefficient {
  const wire = expectObject(value, path);
  return {
    attributeKey: decodeMember(wire, path, "attributeKey", expectString),
    coefficient: decodeMember(wire, path, "coefficient", expectNumber),
    missingValueCoefficient: decodeMember(wire, path, "missingValueCoefficient", expectNumber),
  };
}

function decodeCategorical(value: unknown, path: string): CategoricalCoefficient {
  const wire = expectObject(value, path);
  const values = decodeMember(wire, path, "valueCoefficients", expectObject);
  return {
    attributeKey: decodeMember(wire, path, "attributeKey", expectString),
    // A value that is not a number is treated as missing, as in the vendor's SDK.
    valueCoefficients: new Map(
      Object.entries(values).filter((it): it is [string, number] => typeof it[1] === "number"),
    ),
    missingValueCoefficient: decodeMember(wire, path, "missingValueCoefficient", expectNumber),
  };
}
