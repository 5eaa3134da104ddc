import type { JsonObject } from "../conditions/decode.js";
import { messageOf } from "../errors/guard.js";
import type { Answer, Trace } from "../model/trace.js";
import { copyJson } from "../payload/copy-json.js";
import type { CompiledRule } from "./condition/rule.js";
import type { UfcConfiguration } from "./configuration.js";
import type { AllocationListener } from "./evaluation/evaluate.js";
import type {
  AllocationEvaluation,
  AllocationEvaluationCode,
  EvaluationDetails,
} from "./evaluation-details.js";
import type { CompiledAllocation, CompiledSplit, UfcFlag } from "./flag.js";
import { variationTypeOf } from "./value.js";

/** The split that a subject matched, with its allocation and rule. */
export interface Match {
  readonly allocation: CompiledAllocation;
  readonly rule: CompiledRule | null;
  readonly split: CompiledSplit;
}

/** Records one evaluation of a UFC flag. */
export class UfcTrace implements Trace<EvaluationDetails>, AllocationListener {
  readonly #missed: AllocationEvaluation[] = [];
  #match: Match | null = null;

  /** The match of the subject, even if its value cannot be returned; `null` without a match. */
  get match(): Match | null {
    return this.#match;
  }

  missed(allocation: CompiledAllocation, code: AllocationEvaluationCode): void {
    this.#missed.push(position(allocation.key, code, this.#missed.length));
  }

  matched(allocation: CompiledAllocation, rule: CompiledRule | null, split: CompiledSplit): void {
    this.#match = { allocation, rule, split };
  }

  details(answer: Answer): EvaluationDetails {
    const { evaluation, flagKey, override } = answer;
    // A dialect evaluates only its own configurations.
    const configuration = answer.configuration as UfcConfiguration | null;
    const flag = answer.flag as UfcFlag | null;
    const blank = blankDetails(configuration, flag);
    if (override !== null) return overridden(blank, answer, flag);
    if (evaluation.kind === "default") {
      return {
        ...blank,
        ...(evaluation.reason === "no-allocation"
          ? {
              flagEvaluationCode: "DEFAULT_ALLOCATION_NULL",
              flagEvaluationDescription:
                'No allocations matched. Falling back to "Default Allocation", serving NULL',
            }
          : {
              flagEvaluationCode: "FLAG_UNRECOGNIZED_OR_DISABLED",
              flagEvaluationDescription: `Unrecognized or disabled flag: ${flagKey}`,
            }),
        ...this.#allocations(flag, null),
      };
    }
    if (evaluation.kind === "assigned") return { ...blank, ...this.#matchDetails(answer, flag) };
    return this.#failureDetails(answer, flag, blank);
  }

  #failureDetails(
    answer: Answer,
    flag: UfcFlag | null,
    blank: EvaluationDetails,
  ): EvaluationDetails {
    const { error } = answer.evaluation as Extract<Answer["evaluation"], { kind: "error" }>;
    const match = this.#match;
    if (match !== null && match.split.outcome.kind !== "failure") {
      return {
        ...blank,
        ...this.#matchDetails(answer, flag),
        flagEvaluationCode: "ASSIGNMENT_ERROR",
        flagEvaluationDescription: error.message,
      };
    }
    if (error.code === "SORTITION_TYPE_MISMATCH") {
      const expected = variationTypeOf(answer.expectedType);
      return {
        ...blank,
        flagEvaluationCode: "TYPE_MISMATCH",
        flagEvaluationDescription: `Variation value does not have the correct type. Found ${flag?.variationType}, but expected ${expected} for flag ${answer.flagKey}`,
        ...this.#allocations(flag, null),
      };
    }
    const cause = error.cause === undefined ? error.message : messageOf(error.cause);
    const failed = {
      flagEvaluationCode: "ASSIGNMENT_ERROR",
      flagEvaluationDescription: `Assignment Error: ${cause}`,
    } as const;
    // Without a flag (blank key), or if it could not be decoded, nothing else is known.
    if (flag === null || flag.failure !== null) return { ...blankDetails(null, null), ...failed };
    return {
      ...blank,
      ...failed,
      // Quirk: a variation whose JSON does not parse is still named (eppo).
      variationKey: match?.split.variation?.key ?? null,
      ...this.#allocations(flag, null),
    };
  }

  #matchDetails(answer: Answer, flag: UfcFlag | null): Partial<EvaluationDetails> {
    const match = this.#match;
    if (match === null) return {};
    const { allocation, rule, split } = match;
    const value = split.variation?.value;
    const type = answer.expectedType ?? flag?.valueType;
    const isJson = type === "json" && typeof value === "string";
    return {
      flagEvaluationCode: "MATCH",
      flagEvaluationDescription: describeMatch(match, answer.subjectKey),
      variationKey: split.variation?.key ?? null,
      variationValue: isJson ? JSON.parse(value) : value,
      matchedRule: rule?.wire ? (copyJson(rule.wire) as JsonObject) : null, // a copy of an object is one
      ...this.#allocations(flag, allocation),
    };
  }

  #allocations(
    flag: UfcFlag | null,
    matched: CompiledAllocation | null,
  ): Partial<EvaluationDetails> {
    const seen = this.#missed.length;
    return {
      matchedAllocation: matched === null ? null : position(matched.key, "MATCH", seen),
      unmatchedAllocations: this.#missed,
      unevaluatedAllocations: unevaluated(flag, matched === null ? seen : seen + 1),
    };
  }
}

function blankDetails(
  configuration: UfcConfiguration | null,
  flag: UfcFlag | null,
): EvaluationDetails {
  return {
    environmentName: configuration?.environment ?? "",
    flagEvaluationCode: "ASSIGNMENT_ERROR",
    flagEvaluationDescription: "",
    variationKey: null,
    variationValue: null,
    banditKey: null,
    banditAction: null,
    configFetchedAt: configuration?.fetchedAt ?? "",
    configPublishedAt: configuration?.createdAt ?? "",
    matchedRule: null,
    matchedAllocation: null,
    unmatchedAllocations: [],
    unevaluatedAllocations: unevaluated(flag, 0),
  };
}

/** The vendor reports an override in place of the first allocation. */
function overridden(
  blank: EvaluationDetails,
  { override }: Answer,
  flag: UfcFlag | null,
): EvaluationDetails {
  const key = override?.key ?? "";
  return {
    ...blank,
    flagEvaluationCode: "MATCH",
    flagEvaluationDescription: "Flag override applied",
    variationKey: key,
    variationValue: override?.value ?? null,
    matchedAllocation: position(`override-${key}`, "MATCH", 0),
    unevaluatedAllocations: unevaluated(flag, 1),
  };
}

function describeMatch({ allocation, rule, split }: Match, subjectKey: string): string {
  const traffic = `${subjectKey} belongs to the range of traffic assigned to "${split.variationKey}"`;
  if (rule === null) return `${traffic} defined in allocation "${allocation.key}".`;
  const rules = `Supplied attributes match rules defined in allocation "${allocation.key}"`;
  const isPartial = allocation.splits.length > 1 || split.furtherShards !== null;
  return isPartial ? `${rules} and ${traffic}.` : `${rules}.`;
}

function unevaluated(flag: UfcFlag | null, from: number): AllocationEvaluation[] {
  const rest = flag?.allocations.slice(from) ?? [];
  return rest.map(({ key }, i) => position(key, "UNEVALUATED", from + i));
}

function position(
  key: string,
  allocationEvaluationCode: AllocationEvaluationCode,
  index: number,
): AllocationEvaluation {
  return { key, allocationEvaluationCode, orderPosition: index + 1 };
}
