import { isJsonObject, type JsonObject } from "@sortition/core/dialect";

/** Group type of users. */
export const USER_GROUP_TYPE = "User";

/** The members of one cohort. */
export interface Cohort {
  /** `User`, or the type of the groups that it contains. */
  readonly groupType: string;
  /** Number of members. */
  readonly size: number;
  /** Changes with the content: two cohorts with the same fingerprint have the same members. */
  readonly fingerprint: string;
  /** Whether it has a member with exactly this id. `5` and `"5"` are different ids. */
  has(id: unknown): boolean;
}

export type Cohorts = ReadonlyMap<string, Cohort>;

/** Cohort ids by group type, in the order in which the flags refer to them. */
export type CohortReferences = ReadonlyMap<string, ReadonlySet<string>>;

/** Whether the values of a condition on `cohort_ids` with this operator are cohort ids. */
export function isCohortOperator(op: unknown): boolean {
  return op === "set contains any" || op === "set does not contain any";
}

/**
 * Returns the cohorts that a flag refers to. Malformed conditions are ignored.
 *
 * @param flag - as received.
 */
export function referencesOf(flag: unknown): CohortReferences {
  const references = new Map<string, Set<string>>();
  for (const condition of conditionsOf(flag)) {
    const groupType = groupTypeOf(condition);
    const { values } = condition;
    if (groupType === null || !Array.isArray(values)) continue;
    const ids = references.get(groupType) ?? new Set();
    for (const id of values) if (typeof id === "string") ids.add(id);
    references.set(groupType, ids);
  }
  return references;
}

export function addReferences(to: Map<string, Set<string>>, references: CohortReferences): void {
  for (const [groupType, ids] of references) {
    const all = to.get(groupType) ?? new Set();
    for (const id of ids) all.add(id);
    to.set(groupType, all);
  }
}

function* conditionsOf(flag: unknown): Generator<JsonObject> {
  if (!isJsonObject(flag)) return;
  for (const segment of elementsOf(flag["segments"])) {
    if (!isJsonObject(segment)) continue;
    for (const rule of elementsOf(segment["conditions"])) {
      for (const condition of elementsOf(rule)) if (isJsonObject(condition)) yield condition;
    }
  }
}

/** Quirk: anything with a length is a selector (amplitude). */
type Steps = ArrayLike<unknown> | null | undefined;

/** Returns the member type of the cohorts in a condition, or `null` if it contains none. */
function groupTypeOf({ op, selector }: JsonObject): string | null {
  return isCohortOperator(op) ? groupTypeIn(selector as Steps) : null;
}

function groupTypeIn(steps: Steps): string | null {
  if (!steps || !(steps.length > 2) || steps[steps.length - 1] !== "cohort_ids") return null;
  if (steps[1] === "user") return USER_GROUP_TYPE;
  return Object.values(steps).includes("groups") ? String(steps[2]) : null;
}

function elementsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
