import { CoverageCounts, product, type Tally } from "@sortition/dialect-kit/differential";
import { ALL_CALL_EDGES } from "./calls.js";
import { CONFIGURATION_EDGES } from "./configurations.js";
import type { Case } from "./deliberate.js";
import { type AllocationMeta, TYPES } from "./flags.js";
import { SUBJECT_EDGES, type Subject } from "./subjects.js";

const FLAG_CODES: readonly string[] = [
  "MATCH",
  "FLAG_UNRECOGNIZED_OR_DISABLED",
  "TYPE_MISMATCH",
  "ASSIGNMENT_ERROR",
  "DEFAULT_ALLOCATION_NULL",
];

/** Flag codes of calls that evaluated allocations. */
const EVALUATED: readonly string[] = ["MATCH", "ASSIGNMENT_ERROR", "DEFAULT_ALLOCATION_NULL"];

const ALLOCATION_CODES: readonly string[] = [
  "UNEVALUATED",
  "MATCH",
  "BEFORE_START_TIME",
  "AFTER_END_TIME",
  "FAILING_RULE",
  "TRAFFIC_EXPOSURE_MISS",
];

const FORMS: readonly string[] = ["plain", "hashed"];

/** Counted names by group. `×` means combinations. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  types: product(FORMS, TYPES),
  "flag codes": FLAG_CODES,
  "allocation codes": ALLOCATION_CODES,
  edges: [...CONFIGURATION_EDGES, ...SUBJECT_EDGES, ...ALL_CALL_EDGES],
};

interface DetailsView {
  readonly flagEvaluationCode: string;
  readonly matchedAllocation: { readonly allocationEvaluationCode: string } | null;
  readonly unmatchedAllocations: readonly { readonly allocationEvaluationCode: string }[];
  readonly unevaluatedAllocations: readonly { readonly allocationEvaluationCode: string }[];
}

/**
 * Counts how often each edge case was evaluated. Edge cases after the end of an evaluation do not
 * count.
 */
export class Coverage implements Tally<Case> {
  readonly #counts = new CoverageCounts(GROUPS);
  readonly #subjects = new Set<Subject>();
  #events = 0;

  /** Counts one call. Allocations after the deciding one were not evaluated. */
  add({ configuration, call, vendor }: Case): void {
    const { flag, subject } = call;
    this.#subjects.add(call.subject);
    this.#events += vendor.events.length;
    this.#counts.addAll("edges", configuration.edges);
    this.#counts.addAll("edges", subject.edges);
    this.#counts.addAll("edges", call.edges);
    // Only the vendor's details contain the code.
    const details = vendor.details as DetailsView | null;
    this.#addCodes(details);
    if (flag === null) return;
    this.#counts.add("types", `${form(configuration)} ${call.type}`);
    this.#counts.addAll("edges", flag.generated.edges);
    if (details === null || call.overrides !== null) return;
    if (!EVALUATED.includes(details.flagEvaluationCode)) return;
    const missed = details.unmatchedAllocations.map((it) => it.allocationEvaluationCode);
    flag.generated.allocations.slice(0, missed.length + 1).forEach((allocation, i) => {
      this.#addAllocation(allocation, missed[i]);
    });
  }

  get missing(): readonly string[] {
    return this.#counts.missing;
  }

  toString(): string {
    return `${this.#subjects.size} pairs of configuration and subject, ${this.#events} events\n${this.#counts}`;
  }

  #addCodes(details: DetailsView | null): void {
    if (details === null) return;
    this.#counts.add("flag codes", details.flagEvaluationCode);
    const { matchedAllocation, unmatchedAllocations, unevaluatedAllocations } = details;
    const entries = [matchedAllocation ?? [], unmatchedAllocations, unevaluatedAllocations].flat();
    for (const entry of entries)
      this.#counts.add("allocation codes", entry.allocationEvaluationCode);
  }

  #addAllocation(allocation: AllocationMeta, code: string | undefined): void {
    this.#counts.addAll("edges", allocation.windowEdges);
    if (code === "BEFORE_START_TIME" || code === "AFTER_END_TIME") return;
    this.#counts.addAll("edges", allocation.ruleEdges);
    if (code !== "FAILING_RULE") this.#counts.addAll("edges", allocation.splitEdges);
  }
}

function form({ isObfuscated }: Case["configuration"]): string {
  return isObfuscated ? "hashed" : "plain";
}
