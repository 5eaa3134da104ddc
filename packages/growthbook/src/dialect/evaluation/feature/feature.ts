import {
  type CompiledFlag,
  type Evaluation,
  isJsonObject,
  type Scope,
  type Subject,
  type VariationValue,
} from "@sortition/core/dialect";
import { type CompileOptions, MalformedError, malformed } from "../../malformed.js";
import { safeText } from "../../safe-text.js";
import type { FeatureDefinition } from "../../wire.js";
import type { EvaluationCall } from "../evaluation-call.js";
import { armsOf } from "../experiment/arm.js";
import { decide } from "./decide.js";
import { type Decision, decisionOf, nothingDecided } from "./decision.js";
import { beginCall, endCall } from "./native-call.js";
import { type CompiledRule, compileRule, featurePath } from "./rule.js";

const NO_DEFAULT: Decision = /* @__PURE__ */ nothingDecided("defaultValue");

/** A feature that is ready for evaluation. */
export class CompiledFeature implements CompiledFlag {
  /** Features declare no type, so the client checks each value. */
  readonly valueType = null;
  #fallback: Decision | null = null;

  constructor(
    readonly key: string,
    readonly rules: readonly (CompiledRule | MalformedError)[] | MalformedError,
    /** Whether a rule has prerequisites. Without them, the feature cannot be part of a cycle. */
    readonly hasParents: boolean,
    /** `undefined` if there is none. */
    readonly defaultValue: unknown,
    /** Whether the default value belongs to the caller. */
    readonly isGiven: boolean,
  ) {}

  /** The decision if no rule applies. */
  get fallback(): Decision {
    this.#fallback ??= this.#decideByDefault();
    return this.#fallback;
  }

  #decideByDefault(): Decision {
    const { defaultValue, isGiven, rules } = this;
    if (defaultValue === undefined) return NO_DEFAULT;
    return decisionOf("defaultValue", defaultValue, {
      how: Array.isArray(rules) && rules.length === 0 ? "static" : "fallthrough",
      ruleId: undefined,
      variation: null,
      exposure: null,
      isGiven,
    });
  }

  /** @param id - the key as requested. */
  decide(id: string, context: EvaluationCall): Decision {
    return decide(this, id, context);
  }

  /**
   * Only experiments name their variations. Several rules may give the same name to different values. Of a boolean feature,
   * `true` and `false` are variations too.
   */
  variationValues(key: string): readonly VariationValue[] {
    const rules = this.rules instanceof MalformedError ? [] : this.rules;
    const values = new Map<string | undefined, VariationValue>();
    for (const rule of rules) {
      if (rule instanceof MalformedError || rule.effect?.kind !== "experiment") continue;
      const { experiment } = rule.effect;
      for (const [i, arm] of armsOf(experiment).entries()) {
        const decision = safeText(arm.key) === key ? rule.effect.decision(i, false) : undefined;
        if (decision?.kind !== "assigned") continue;
        const { json, value } = decision;
        values.set(json ?? JSON.stringify(value), { value, json });
      }
    }
    if (values.size === 0 && typeof this.defaultValue === "boolean" && /^(true|false)$/.test(key)) {
      return [{ value: key === "true", json: null }];
    }
    return [...values.values()];
  }

  evaluate(subject: Subject, scope: Scope): Evaluation {
    const context = beginCall(subject, scope);
    const decision = decide(this, this.key, context);
    if (context.subjectKey === null) scope.hashedBy(context.hashValue);
    endCall(context);
    return decision;
  }
}

/**
 * Compiles a feature.
 *
 * @returns `null` for a falsy feature, which the vendor treats as unknown.
 */
export function compileFeature(
  key: string,
  raw: unknown,
  options: CompileOptions,
): CompiledFeature | null {
  if (!isJsonObject(raw)) options.report(featurePath(key), "expected an object", "malformed");
  if (!raw) return null;
  const { defaultValue, rules: wire } = raw as FeatureDefinition; // a scalar has no members
  const rules = wire ? compileRules(wire, key, options) : [];
  const hasParents =
    !(rules instanceof MalformedError) &&
    rules.some((it) => !(it instanceof MalformedError) && it.parents !== null);
  return new CompiledFeature(key, rules, hasParents, defaultValue, options.isGiven);
}

function compileRules(
  wire: unknown,
  key: string,
  options: CompileOptions,
): readonly (CompiledRule | MalformedError)[] | MalformedError {
  if (!Array.isArray(wire)) {
    return malformed(`${featurePath(key)}.rules`, "expected an array", options);
  }
  return wire.map((rule, i) => compileRule(rule, key, i, options));
}
