import {
  type CompileIssue,
  DecodeError,
  type PayloadSet,
  type Steps,
} from "@sortition/core/dialect";
import { CohortIndex } from "./cohort-index.js";
import { CohortTable } from "./cohort-table.js";
import type { Cohort } from "./cohorts.js";

const PREFIX = "cohort:";

/** Returns the name of the part that contains a cohort. */
export function cohortPart(cohortId: string): string {
  return `${PREFIX}${cohortId}`;
}

/** Returns the id of the cohort in a part, or `null` if it contains none. */
function cohortIdOf(part: string): string | null {
  return part.startsWith(PREFIX) ? part.slice(PREFIX.length) : null;
}

export interface CohortSet {
  readonly byId: ReadonlyMap<string, Cohort>;
  /** Cohorts that could not be read, and have no members. */
  readonly issues: readonly CompileIssue[];
}

/**
 * Tables by the bytes they were built from. The origin has already built the tables of its
 * downloads.
 */
const built = new WeakMap<Uint8Array, CohortTable>();

/**
 * Builds the table of a cohort, or returns the existing one for these bytes.
 *
 * @throws DecodeError if it is not a cohort.
 */
export function* tableOfCohort(bytes: Uint8Array, cohortId: string): Steps<CohortTable> {
  const known = built.get(bytes);
  if (known !== undefined) return known;
  const table = yield* CohortTable.build(bytes, `$.cohorts[${JSON.stringify(cohortId)}]`);
  built.set(bytes, table);
  return table;
}

/** Reads the cohorts of a payload set. Reuses the index of a cohort whose bytes did not change. */
export function* readCohorts(
  payloads: PayloadSet,
  former: { readonly payloads: PayloadSet; readonly cohortSet: CohortSet } | null,
): Steps<CohortSet> {
  const byId = new Map<string, Cohort>();
  const issues: CompileIssue[] = [];
  for (const { bytes, part } of payloads) {
    const id = cohortIdOf(part);
    if (id === null) continue;
    const held = former?.payloads.find((payload) => payload.part === part)?.bytes;
    const known = former?.cohortSet.byId.get(id);
    if (known !== undefined && held !== undefined && (yield* areEqual(held, bytes))) {
      byId.set(id, known);
      continue;
    }
    try {
      byId.set(id, new CohortIndex(yield* tableOfCohort(bytes, id)));
    } catch (cause) {
      if (!(cause instanceof DecodeError)) throw cause;
      const { path, problem } = cause;
      issues.push({ path, flagKey: null, code: "malformed", message: problem });
    }
  }
  return { byId, issues };
}

const STEP_BYTES = 65_536;

function* areEqual(a: Uint8Array, b: Uint8Array): Steps<boolean> {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return false;
    if (i % STEP_BYTES === 0) yield;
  }
  return true;
}
