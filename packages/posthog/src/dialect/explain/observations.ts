import type { TestOutcome } from "@sortition/core/dialect";
import { messageOf } from "@sortition/core/dialect-internal";
import type { Condition } from "../condition/condition.js";
import type { CompiledFilter } from "../condition/filter.js";
import { isUnknown, reasonOf, TRUE, type Tri, type UnresolvedReason } from "../condition/tri.js";
import type { EvaluationCall } from "../evaluation/evaluation-call.js";
import { type Observer, PosthogFlag } from "../flag.js";
import type { FlagDefinition } from "../flag-wire.js";
import { missingIn } from "./missing.js";
import { textOf } from "./text.js";

export interface SeenFilter {
  readonly outcome: Exclude<TestOutcome, "not-reached">;
  /** The property's value. `undefined` if there is none, or if the filter does not test a property. */
  readonly actual: unknown;
  /** Why the outcome is unknown. `null` if it is known. */
  readonly unresolved: UnresolvedReason | null;
  /** Attributes that it needs and the call lacks, if that is why the outcome is unknown. */
  readonly missing: readonly string[];
  /** The error message, or an empty string. */
  readonly error: string;
}

export interface SeenCondition {
  /** The hashed string. */
  readonly bucket: string;
  readonly outcome: Tri;
}

export interface SeenHoldout {
  readonly bucket: string;
  readonly isHeldOut: boolean;
}

/** Records the evaluation in progress. */
export class Observations implements Observer {
  #filters = new Map<CompiledFilter, SeenFilter>();
  #conditions = new Map<Condition, SeenCondition>();
  #holdouts = new Map<FlagDefinition, SeenHoldout>();

  /** Clears the observations. Called when a call begins. */
  clear(): void {
    this.#filters = new Map();
    this.#conditions = new Map();
    this.#holdouts = new Map();
  }

  holdout(definition: FlagDefinition, bucket: string, isHeldOut: boolean): void {
    this.#holdouts.set(definition, { bucket, isHeldOut });
  }

  condition(condition: Condition, bucket: string, outcome: Tri): void {
    this.#conditions.set(condition, { bucket, outcome });
  }

  ofFilter(filter: CompiledFilter): SeenFilter | undefined {
    return this.#filters.get(filter);
  }

  ofCondition(condition: Condition): SeenCondition | undefined {
    return this.#conditions.get(condition);
  }

  ofHoldout(definition: FlagDefinition): SeenHoldout | undefined {
    return this.#holdouts.get(definition);
  }

  /** Creates the same flag with observed filters. */
  observed(definition: FlagDefinition): PosthogFlag {
    const conditions = definition.conditions?.map((condition) => {
      if (condition === null || condition.filters === null) return condition;
      const filters = condition.filters.map((it) => (it === null ? null : this.#observe(it)));
      return { ...condition, filters };
    });
    return new PosthogFlag({ ...definition, conditions: conditions ?? null }, this);
  }

  #observe(filter: CompiledFilter): CompiledFilter {
    const observed: CompiledFilter = {
      ...filter,
      test: (call) => {
        try {
          const outcome = filter.test(call);
          const unresolved = isUnknown(outcome) ? reasonOf(outcome) : null;
          this.#filters.set(observed, {
            outcome: isUnknown(outcome) ? "unknown" : outcome === TRUE ? "holds" : "fails",
            actual: actualOf(filter, call),
            unresolved,
            missing: unresolved === "missing_context" ? missingIn(filter.wire, call) : [],
            error: "",
          });
          return outcome;
        } catch (cause) {
          const error = messageOf(cause);
          this.#filters.set(observed, {
            outcome: "error",
            actual: undefined,
            unresolved: null,
            missing: [],
            error,
          });
          throw cause;
        }
      },
    };
    return observed;
  }
}

function actualOf({ wire }: CompiledFilter, call: EvaluationCall): unknown {
  const { key, type } = wire as { readonly key?: unknown; readonly type?: unknown };
  if (type === "cohort" || type === "flag") return undefined;
  const name = textOf(key);
  return call.has(name) ? call.read(name) : undefined;
}
