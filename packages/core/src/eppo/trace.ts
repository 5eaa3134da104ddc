import type { JsonObject } from "../conditions/decode.js";
import type { EvaluationError } from "../errors/errors.js";
import { messageOf } from "../errors/guard.js";
import type { Override } from "../model/override.js";
import type { Recorder } from "../model/recorder.js";
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

  /** @param onAnswer - called with the completed call, for explanations. */
  constructor(
    readonly recorder: Recorder | null = null,
    readonly onAnswer: ((answer: Answer) => void) | null = null,
  ) {}

  /** The subject's match, even if its value cannot be returned. `null` without a match. */
  get match(): Match | null {
    return this.#match;
  }

  missed(allocation: CompiledAllocation, code: AllocationEvaluationCode): void {
    this.recorder?.tried(String(this.#missed.length), code);
    this.#missed.push(position(allocation.key, code, this.#missed.length));
  }

  matched(allocation: CompiledAllocation, rule: CompiledRule | null, split: CompiledSplit): void {
    this.recorder?.tried(String(this.#missed.length), "MATCH");
    this.#match = { allocation, rule, split };
  }

  details(answer: Answer): EvaluationDetails {
    this.onAnswer?.(answer);
    const { evaluation, flagKey, override } = answer;
    // A dialect evaluates only its own configurations.
    const configuration = answer.configuration as UfcConfiguration | null;
    const flag = answer.flag as UfcFlag | null;
    const details = blankDetails(configuration);
    if (override !== null) return overridden(details, override, flag);
    switch (evaluation.kind) {
      case "assigned":
        this.#addMatch(details, answer, flag);
        break;
      case "error":
        return this.#failureDetails(details, evaluation.error, answer, flag);
      default:
        if (evaluation.reason === "no-allocation") {
          details.flagEvaluationCode = "DEFAULT_ALLOCATION_NULL";
          details.flagEvaluationDescription =
            'No allocations matched. Falling back to "Default Allocation", serving NULL';
        } else {
          details.flagEvaluationCode = "FLAG_UNRECOGNIZED_OR_DISABLED";
          details.flagEvaluationDescription = `Unrecognized or disabled flag: ${flagKey}`;
        }
        this.#addAllocations(details, flag, null);
    }
    return details;
  }

  #failureDetails(
    details: Draft,
    error: EvaluationError,
    answer: Answer,
    flag: UfcFlag | null,
  ): EvaluationDetails {
    const match = this.#match;
    if (match !== null && match.split.outcome.kind !== "failure") {
      this.#addMatch(details, answer, flag);
      // Quirk: if no type is expected, a value need not have its flag's type (eppo).
      if (answer.expectedType === null) return details;
      details.flagEvaluationCode = "ASSIGNMENT_ERROR";
      details.flagEvaluationDescription = error.message;
      return details;
    }
    if (error.code === "SORTITION_TYPE_MISMATCH") {
      const expected = variationTypeOf(answer.expectedType);
      details.flagEvaluationCode = "TYPE_MISMATCH";
      details.flagEvaluationDescription = `Variation value does not have the correct type. Found ${flag?.variationType}, but expected ${expected} for flag ${answer.flagKey}`;
      this.#addAllocations(details, flag, null);
      return details;
    }
    const cause = error.cause === undefined ? error.message : messageOf(error.cause);
    // Without a flag (blank key), or if it could not be decoded, nothing else is known.
    const isUnknown = flag === null || flag.failure !== null;
    const failed = isUnknown ? blankDetails(null) : details;
    failed.flagEvaluationDescription = `Assignment Error: ${cause}`;
    if (isUnknown) return failed;
    // Quirk: a variation is named even if its JSON cannot be parsed (eppo).
    failed.variationKey = match?.split.variation?.key ?? null;
    this.#addAllocations(failed, flag, null);
    return failed;
  }

  #addMatch(details: Draft, answer: Answer, flag: UfcFlag | null): void {
    const match = this.#match;
    if (match === null) {
      details.unevaluatedAllocations = unevaluated(flag, 0);
      return;
    }
    const { allocation, rule, split } = match;
    const value = split.variation?.value;
    // Quirk: if no type is expected, JSON stays a string (eppo).
    const isJson = answer.expectedType === "json" && typeof value === "string";
    details.flagEvaluationCode = "MATCH";
    details.flagEvaluationDescription = describeMatch(match, answer.subjectKey);
    details.variationKey = split.variation?.key ?? null;
    details.variationValue = isJson ? JSON.parse(value) : value;
    // The copy of an object is an object.
    details.matchedRule = rule?.wire ? (copyJson(rule.wire) as JsonObject) : null;
    this.#addAllocations(details, flag, allocation);
  }

  #addAllocations(details: Draft, flag: UfcFlag | null, matched: CompiledAllocation | null): void {
    const seen = this.#missed.length;
    details.matchedAllocation = matched === null ? null : position(matched.key, "MATCH", seen);
    details.unmatchedAllocations = this.#missed;
    details.unevaluatedAllocations = unevaluated(flag, matched === null ? seen : seen + 1);
  }
}

/** Details that are being filled in. */
type Draft = { -readonly [Name in keyof EvaluationDetails]: EvaluationDetails[Name] };

/** Creates details without an evaluation. They have all members from the start, in the vendor's order. */
function blankDetails(configuration: UfcConfiguration | null): Draft {
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
    unevaluatedAllocations: [],
  };
}

/** Adds an override to details. The vendor's SDK reports it in place of the first allocation. */
function overridden(details: Draft, override: Override, flag: UfcFlag | null): EvaluationDetails {
  const { key, value } = override;
  details.flagEvaluationCode = "MATCH";
  details.flagEvaluationDescription = "Flag override applied";
  details.variationKey = key;
  details.variationValue = value ?? null;
  details.matchedAllocation = position(`override-${key}`, "MATCH", 0);
  details.unevaluatedAllocations = unevaluated(flag, 1);
  return details;
}

function describeMatch({ allocation, rule, split }: Match, subjectKey: string): string {
  const traffic = `${subjectKey} belongs to the range of traffic assigned to "${split.variationKey}"`;
  if (rule === null) return `${traffic} defined in allocation "${allocation.key}".`;
  const rules = `Supplied attributes match rules defined in allocation "${allocation.key}"`;
  const isPartial = allocation.splits.length > 1 || split.furtherShards !== null;
  return isPartial ? `${rules} and ${traffic}.` : `${rules}.`;
}

function unevaluated(flag: UfcFlag | null, from: number): AllocationEvaluation[] {
  if (flag === null) return [];
  const { allocations } = flag;
  const rest = from === 0 ? allocations : allocations.slice(from);
  return rest.map(({ key }, i) => position(key, "UNEVALUATED", from + i));
}

function position(
  key: string,
  allocationEvaluationCode: AllocationEvaluationCode,
  index: number,
): AllocationEvaluation {
  return { key, allocationEvaluationCode, orderPosition: index + 1 };
}
