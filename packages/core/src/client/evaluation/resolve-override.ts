import { fitsGetter } from "../../conditions/fits-getter.js";
import type { Evaluation } from "../../model/evaluation.js";
import type { CompiledFlag, ValueType, VariationValue } from "../../model/flag.js";
import type { Override } from "../../model/override.js";

/** The evaluation that an override results in, or the reason why it is ignored. */
export type ResolvedOverride =
  | { readonly override: Override; readonly evaluation: Evaluation }
  | { readonly problem: string };

/**
 * Resolves an override for a getter.
 *
 * @param flag - `null`: the configuration does not have it, or there is no configuration.
 * @param type - of the getter. `null`: any value fits.
 */
export function resolveOverride(
  given: string | Override,
  flag: CompiledFlag | null,
  type: ValueType | null,
): ResolvedOverride {
  if (typeof given !== "string") {
    const { key, value } = given;
    const json = type === "json" && typeof value === "string" ? value : null;
    if (!fits({ value, json }, type))
      return { problem: `its value is not of type ${type}: pass a value of this type` };
    return { override: given, evaluation: evaluationOf(key, { value, json }) };
  }
  const key = JSON.stringify(given);
  if (flag === null) return { problem: "the configuration does not have the flag" };
  const values = flag.variationValues?.(given, type) ?? null;
  if (values === null) return { problem: "its dialect needs { key, value } instead of a key" };
  const [found, ...others] = values;
  if (found === undefined) {
    const suffix = type === null ? "" : `, or it has no value of type ${type}`;
    const advice =
      ": pass the key of a variation, which `sortition inspect` lists, or { key, value }";
    return { problem: `the flag has no variation ${key}${suffix}${advice}` };
  }
  if (others.length > 0) return { problem: `rules of the flag give ${key} different values` };
  if (!fits(found, type)) return { problem: `the value of ${key} is not of type ${type}` };
  const value = found.json ?? found.value;
  return { override: { key: given, value }, evaluation: evaluationOf(given, found) };
}

/** Returns the evaluation of an override whose value is not checked, as vendors' SDKs return it. */
export function uncheckedOverride({ key, value }: Override, type: ValueType | null): Evaluation {
  return evaluationOf(key, {
    value,
    json: type === "json" && typeof value === "string" ? value : null,
  });
}

function evaluationOf(key: string, { json, value }: VariationValue): Evaluation {
  return {
    kind: "assigned",
    reason: "static",
    value,
    json,
    variation: key,
    allocation: `override-${key}`,
    exposure: null,
  };
}

function fits({ json, value }: VariationValue, type: ValueType | null): boolean {
  if (type === null) return true;
  if (json === null) return fitsGetter(value, type);
  try {
    return fitsGetter(JSON.parse(json), type);
  } catch {
    return false; // only the JSON of an override may be malformed
  }
}
