import {
  type CompiledFlag,
  type Evaluation,
  isJsonObject,
  type Scope,
  type Subject,
  type VariationValue,
} from "@sortition/core/dialect";
import type { StatsigExtras } from "./evaluation/user.js";
import type { StatsigFlag } from "./flag.js";
import type { Spec } from "./spec.js";

/**
 * A flag under another key than its name: one that shares its name with a flag of another kind, such as `config:theme`, or
 * one parameter of a config, an experiment or a layer, such as `theme.colour`.
 */
export class NamedFlag implements CompiledFlag<StatsigExtras> {
  readonly valueType: "boolean" | "json" | null;
  readonly #known = new WeakMap<Evaluation, Evaluation>();

  constructor(
    readonly key: string,
    readonly whole: StatsigFlag,
    /** `null`: the whole value. */
    readonly parameter: string | null,
  ) {
    this.valueType = parameter === null ? whole.valueType : null;
  }

  get spec(): Spec {
    return this.whole.spec;
  }

  evaluate(subject: Subject, scope: Scope<StatsigExtras>): Evaluation {
    const evaluation = this.whole.evaluate(subject, scope);
    if (evaluation.kind !== "assigned") return evaluation;
    const known = this.#known.get(evaluation);
    if (known !== undefined) return known;
    const exposure = evaluation.exposure && { ...evaluation.exposure, featureFlag: this.key };
    const parts = this.#partsOf(evaluation);
    const own: Evaluation =
      parts === null
        ? { kind: "default", reason: "no-allocation" } // the vendor's `get` returns its fallback
        : Object.freeze({ ...evaluation, ...parts, exposure });
    this.#known.set(evaluation, own);
    return own;
  }

  variationValues(variation: string): readonly VariationValue[] {
    return this.whole.variationValues(variation).flatMap((it) => this.#partsOf(it) ?? []);
  }

  #partsOf({ json, value }: VariationValue): VariationValue | null {
    if (this.parameter === null) return { json, value };
    const found = parameterIn(JSON.parse(json ?? "{}"), this.parameter);
    if (found === undefined) return null;
    return typeof found === "object"
      ? { value: null, json: JSON.stringify(found) }
      : { value: found, json: null };
  }
}

/** Returns a parameter of a value. `undefined`: it has none. */
export function parameterIn(value: unknown, parameter: string): unknown {
  const found = isJsonObject(value) && Object.hasOwn(value, parameter) ? value[parameter] : null;
  return found ?? undefined;
}
