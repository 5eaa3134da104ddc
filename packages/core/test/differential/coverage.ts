import { ALL_CALL_EDGES } from "./calls.js";
import { CONDITION_VALUES, OPERATOR_NAMES } from "./condition-values.js";
import { CONFIGURATION_EDGES } from "./configurations.js";
import type { Case } from "./deliberate.js";
import { type AllocationMeta, TYPES } from "./flags.js";
import { MALFORMED_PARTS, REPLACEMENT_NAMES } from "./malformed.js";
import { ABSENT, ATTRIBUTE_VALUES, SUBJECT_EDGES } from "./subjects.js";

const FLAG_CODES: readonly string[] = [
  "MATCH",
  "FLAG_UNRECOGNIZED_OR_DISABLED",
  "TYPE_MISMATCH",
  "ASSIGNMENT_ERROR",
  "DEFAULT_ALLOCATION_NULL",
];

/** Flag codes of calls that looked at allocations. */
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

/** What is counted, by group. `×` stands for combinations. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  operators: product(FORMS, OPERATOR_NAMES),
  types: product(FORMS, TYPES),
  "flag codes": FLAG_CODES,
  "allocation codes": ALLOCATION_CODES,
  edges: [...CONFIGURATION_EDGES, ...SUBJECT_EDGES, ...ALL_CALL_EDGES],
  "operator × condition value": product(
    FORMS,
    Object.entries(CONDITION_VALUES).flatMap(([operator, values]) =>
      product(
        [operator],
        values.map(({ name }) => name),
      ),
    ),
  ),
  "operator × attribute": product(
    FORMS,
    product(OPERATOR_NAMES, [ABSENT, ...ATTRIBUTE_VALUES.map(({ name }) => name)]),
  ),
  "malformed part × replacement": product(MALFORMED_PARTS, REPLACEMENT_NAMES),
};

/** Groups whose members are too many to be printed one by one. */
const SUMMARISED: readonly string[] = [
  "operator × condition value",
  "operator × attribute",
  "malformed part × replacement",
];

function product(left: readonly string[], right: readonly string[]): readonly string[] {
  return left.flatMap((a) => right.map((b) => `${a} ${b}`));
}

interface DetailsView {
  readonly flagEvaluationCode: string;
  readonly matchedAllocation: { readonly allocationEvaluationCode: string } | null;
  readonly unmatchedAllocations: readonly { readonly allocationEvaluationCode: string }[];
  readonly unevaluatedAllocations: readonly { readonly allocationEvaluationCode: string }[];
}

/** Counts how often everything occurred that the generator is meant to try, where it was really met. */
export class Coverage {
  readonly #counts = new Map<string, Map<string, number>>();

  constructor() {
    for (const [group, names] of Object.entries(GROUPS)) {
      this.#counts.set(group, new Map(names.map((name) => [name, 0])));
    }
  }

  /** Counts one call. What lies behind the allocation that decided was not met. */
  add({ configuration, call, vendor }: Case): void {
    const { flag, subject } = call;
    this.#addAll("edges", configuration.edges);
    this.#addAll("edges", subject.edges);
    this.#addAll("edges", call.edges);
    // Its details are in the vendor's words; without them the code is not known.
    const details = vendor.details as DetailsView | null;
    this.#addCodes(details);
    if (flag === null) return;
    this.#add("types", `${form(configuration)} ${call.type}`);
    if (flag.malformed !== null) {
      const { part, replacement } = flag.malformed;
      this.#add("malformed part × replacement", `${part} ${replacement}`);
      return;
    }
    this.#addAll("edges", flag.generated.edges);
    if (details === null || call.overrides !== null) return;
    if (!EVALUATED.includes(details.flagEvaluationCode)) return;
    const missed = details.unmatchedAllocations.map((it) => it.allocationEvaluationCode);
    flag.generated.allocations.slice(0, missed.length + 1).forEach((allocation, i) => {
      this.#addAllocation(allocation, missed[i], call, form(configuration));
    });
  }

  /** What never occurred, as `group: name`. */
  get missing(): readonly string[] {
    return [...this.#counts].flatMap(([group, counts]) =>
      [...counts].flatMap(([name, count]) => (count === 0 ? [`${group}: ${name}`] : [])),
    );
  }

  /** All counts, one group in a line. */
  toString(): string {
    return [...this.#counts]
      .map(([group, counts]) => {
        const members = [...counts];
        if (!SUMMARISED.includes(group)) {
          return `${group}: ${members.map(([name, count]) => `${name} ${count}`).join(" · ")}`;
        }
        const least = Math.min(...counts.values());
        const met = members.filter(([, count]) => count > 0).length;
        return `${group}: ${met} of ${counts.size} combinations, each at least ${least} times`;
      })
      .join("\n");
  }

  #addCodes(details: DetailsView | null): void {
    if (details === null) return;
    this.#add("flag codes", details.flagEvaluationCode);
    const { matchedAllocation, unmatchedAllocations, unevaluatedAllocations } = details;
    const entries = [matchedAllocation ?? [], unmatchedAllocations, unevaluatedAllocations].flat();
    for (const entry of entries) this.#add("allocation codes", entry.allocationEvaluationCode);
  }

  #addAllocation(
    allocation: AllocationMeta,
    code: string | undefined,
    { subject }: Case["call"],
    prefix: string,
  ): void {
    this.#addAll("edges", allocation.windowEdges);
    if (code === "BEFORE_START_TIME" || code === "AFTER_END_TIME") return;
    this.#addAll("edges", allocation.ruleEdges);
    for (const { operator, attribute, valueEdge } of allocation.conditions) {
      this.#add("operators", `${prefix} ${operator}`);
      this.#add("operator × condition value", `${prefix} ${operator} ${valueEdge}`);
      const edge = subject.attributeEdges.get(attribute);
      if (edge !== undefined || attribute !== "id") {
        this.#add("operator × attribute", `${prefix} ${operator} ${edge ?? ABSENT}`);
      }
    }
    if (code !== "FAILING_RULE") this.#addAll("edges", allocation.splitEdges);
  }

  #addAll(group: string, names: readonly string[]): void {
    for (const name of names) this.#add(group, name);
  }

  #add(group: string, name: string): void {
    const counts = this.#counts.get(group);
    const count = counts?.get(name);
    if (counts === undefined || count === undefined)
      throw new Error(`uncounted: ${group}: ${name}`);
    counts.set(name, count + 1);
  }
}

function form({ isObfuscated }: Case["configuration"]): string {
  return isObfuscated ? "hashed" : "plain";
}
