import {
  type AllocationOutcome,
  type Decoded,
  DecodeError,
  type SeenCondition,
} from "@sortition/core/dialect";
import { messageOf } from "@sortition/core/dialect-internal";
import type { Clause } from "../condition/clause.js";
import { bucketOf } from "../evaluation/bucket.js";
import type { EvaluationCall } from "../evaluation/evaluation-call.js";
import type { Observer } from "../evaluation/observer.js";
import { FAILS, HOLDS, MALFORMED, UNRESOLVED } from "../evaluation/test-outcome.js";
import { LaunchdarklyFlag } from "../flag.js";
import type { FlagDefinition } from "../flag-definition.js";
import { FALLTHROUGH_ALLOCATION, type RulePart } from "../flag-parts.js";
import { referenceIn } from "./describe.js";

/** What was tried of a flag, and with which result. */
export interface TriedPart {
  readonly outcome: AllocationOutcome;
  /** The key of the context whose key a target tests. */
  readonly keys: ReadonlyMap<string, string | undefined>;
  /** The place of the context in the rollout, or `null` if there is none. */
  readonly bucket: number | null;
}

const OUTCOMES = {
  [FAILS]: { outcome: "fails", reason: "" },
  [HOLDS]: { outcome: "holds", reason: "" },
  [MALFORMED]: { outcome: "error", reason: "it is malformed" },
  [UNRESOLVED]: { outcome: "unknown", reason: "it needs a big segment" },
} as const;

/** Records the evaluation in progress. */
export class Observations implements Observer {
  #parts = new Map<FlagDefinition, Map<string, TriedPart>>();
  #clauses = new Map<Clause, SeenCondition>();

  /** Clears the observations. Called when a call begins. */
  clear(): void {
    this.#parts = new Map();
    this.#clauses = new Map();
  }

  tried(
    definition: FlagDefinition,
    allocation: string,
    outcome: AllocationOutcome,
    call: EvaluationCall,
  ): void {
    const parts = this.#parts.get(definition) ?? new Map<string, TriedPart>();
    const keys = new Map(call.context.kinds.map((kind) => [kind, call.context.keyOf(kind)]));
    const served = servedBy(definition, allocation);
    const bucket = served?.kind === "rollout" ? bucketOf(served.bucketing, call.context) : null;
    this.#parts.set(definition, parts.set(allocation, { outcome, keys, bucket }));
  }

  /** Returns what was tried of a part, or `undefined` if it was not reached. */
  ofPart(definition: FlagDefinition, allocation: string): TriedPart | undefined {
    return this.#parts.get(definition)?.get(allocation);
  }

  ofClause(clause: Clause): SeenCondition | null {
    return this.#clauses.get(clause) ?? null;
  }

  /** Creates the same flag with observed clauses. */
  observed(definition: FlagDefinition): LaunchdarklyFlag {
    const { rules } = definition;
    const observe = (rule: Decoded<RulePart>): Decoded<RulePart> => {
      if (rule instanceof DecodeError) return rule;
      const { clauses } = rule;
      if (clauses === null || clauses instanceof DecodeError) return rule;
      const observed = clauses.map((it) => (it instanceof DecodeError ? it : this.#observe(it)));
      return { ...rule, clauses: observed };
    };
    const observed = rules instanceof DecodeError ? rules : rules.map(observe);
    return new LaunchdarklyFlag({ ...definition, rules: observed }, this);
  }

  #observe(clause: Clause): Clause {
    const observed: Clause = {
      ...clause,
      test: (call) => {
        const actual = actualOf(clause, call);
        try {
          const tested = clause.test(call);
          this.#clauses.set(observed, { ...OUTCOMES[tested], actual });
          return tested;
        } catch (cause) {
          const reason = messageOf(cause);
          this.#clauses.set(observed, { outcome: "error", reason, actual });
          throw cause;
        }
      },
    };
    return observed;
  }
}

function actualOf({ kind, wire }: Clause, { context }: EvaluationCall): unknown {
  const reference = wire["op"] === "segmentMatch" ? null : referenceIn(wire);
  return reference === null ? undefined : context.valueOf(reference, kind);
}

function servedBy({ fallthrough, rules }: FlagDefinition, allocation: string) {
  if (allocation === FALLTHROUGH_ALLOCATION) return fallthrough;
  if (rules instanceof DecodeError) return undefined;
  const isOurs = (rule: Decoded<RulePart>): rule is RulePart =>
    !(rule instanceof DecodeError) && rule.allocation === allocation;
  return rules.find(isOurs)?.served;
}
