import { parseJson } from "@sortition/core/dialect";
import { cohortPart } from "../../dialect/cohorts/cohort-parts.js";
import type { Cohort as IndexedCohort } from "../../dialect/cohorts/cohorts.js";
import type { AmplitudeConfiguration } from "../../dialect/configuration.js";
import { memberships } from "../../dialect/evaluation/evaluation-call.js";
import { defineInner } from "../inner.js";

/** The cohort server's description of a cohort. */
export interface CohortDescription {
  cohortId: string;
  /** `User`, or the type of the groups that it contains. */
  groupType: string;
  groupTypeId: number;
  lastComputed: number;
  lastModified: number;
  size: number;
}

/** A cohort and its members. */
export interface Cohort extends CohortDescription {
  memberIds: Set<string>;
}

type Missing = readonly [key: string, cohortIds: readonly string[]];

/** The cohorts of a local client. */
export class InMemoryCohortStorage {
  declare private readonly inner: StorageInner;

  constructor() {
    const cohorts = new Map<string, IndexedCohort>();
    const inner: StorageInner = { cohorts, written: new Map(), configuration: null, missing: null };
    defineInner(this, inner);
  }

  /** Ids of all cohorts. */
  getAllCohortIds(): Set<string> {
    return new Set(this.inner.cohorts.keys());
  }

  /** Returns a copy that is parsed from the cohort's bytes, which takes time for a large cohort. */
  getCohort(cohortId: string): Cohort | undefined {
    const id = `${cohortId}`;
    const written = this.inner.written.get(id);
    if (written !== undefined) return written;
    const part = cohortPart(id);
    const bytes = this.inner.configuration?.payloads.find(
      (payload) => payload.part === part,
    )?.bytes;
    if (bytes === undefined || !this.inner.cohorts.has(id)) return undefined;
    const body = parseJson(bytes, "$") as CohortDescription & { memberIds: string[] }; // it has an index
    return { ...body, memberIds: new Set(body.memberIds) };
  }

  /** Returns the cohorts, among those given, that contain a user. */
  getCohortsForUser(userId: string, cohortIds: Set<string>): Set<string> {
    return this.getCohortsForGroup("User", userId, cohortIds);
  }

  /** Returns the cohorts, among those given, that contain a group. */
  getCohortsForGroup(groupType: string, groupName: string, cohortIds: Set<string>): Set<string> {
    const lookup = { cohorts: this.inner.cohorts, references: new Map() };
    return new Set(memberships(lookup, cohortIds, groupType, groupName));
  }

  /** Adds a cohort until a refresh loads another one with the same id. */
  put(cohort: Cohort): void {
    const { groupType, lastModified, memberIds } = cohort;
    // Ids become strings, because the vendor stores cohorts as members of an object.
    const cohortId = `${cohort.cohortId}`;
    this.inner.missing = null;
    this.inner.written.set(cohortId, cohort);
    this.inner.cohorts.set(cohortId, {
      groupType,
      size: memberIds?.size ?? 0,
      fingerprint: String(lastModified),
      has: (id) => memberIds.has(id as string), // an id of another type is simply not found
    });
  }

  /** Removes a cohort. */
  delete(cohortId: string): void {
    const id = `${cohortId}`;
    this.inner.missing = null;
    this.inner.written.delete(id);
    this.inner.cohorts.delete(id);
  }

  /** @internal The cohorts by id. */
  get cohorts(): ReadonlyMap<string, IndexedCohort> {
    return this.inner.cohorts;
  }

  /** @internal The first flag with cohorts that are not loaded. */
  missing(configuration: AmplitudeConfiguration): Missing | null {
    if (this.inner.missing?.of !== configuration) {
      this.inner.missing = {
        of: configuration,
        answer: missingOf(this.inner.cohorts, configuration),
      };
    }
    return this.inner.missing.answer;
  }

  /**
   * Adopts the cohorts of a configuration that have changed.
   *
   * @internal
   */
  update(configuration: AmplitudeConfiguration): void {
    const former = this.inner.configuration?.cohorts;
    this.inner.configuration = configuration;
    this.inner.missing = null;
    for (const [id, cohort] of configuration.cohorts) {
      if (former?.get(id) !== cohort) this.take(id, cohort);
    }
  }

  /**
   * Adopts the cohorts of a configuration, and drops those that none of its flags refers to.
   *
   * @internal
   */
  replace(configuration: AmplitudeConfiguration): void {
    this.inner.configuration = configuration;
    this.inner.missing = null;
    const referred = new Set([...configuration.references.values()].flatMap((ids) => [...ids]));
    for (const id of this.inner.cohorts.keys()) {
      const isWritten = this.inner.written.has(id);
      if (!referred.has(id) || !isWritten) this.delete(id);
    }
    for (const [id, cohort] of configuration.cohorts) this.take(id, cohort);
  }

  private take(id: string, cohort: IndexedCohort): void {
    this.inner.written.delete(id);
    this.inner.cohorts.set(id, cohort);
  }
}

interface StorageInner {
  /** Cohorts that evaluations read. */
  readonly cohorts: Map<string, IndexedCohort>;
  readonly written: Map<string, Cohort>;
  configuration: AmplitudeConfiguration | null;
  /** Cached result of `missing`, because every evaluation needs it. Reset when cohorts change. */
  missing: { readonly of: AmplitudeConfiguration; readonly answer: Missing | null } | null;
}

function missingOf(
  cohorts: ReadonlyMap<string, IndexedCohort>,
  { flagReferences }: AmplitudeConfiguration,
): Missing | null {
  for (const [key, references] of flagReferences.byFlag) {
    const ids = [...references.values()].flatMap((them) => [...them]);
    const missing = ids.filter((id) => !cohorts.has(id));
    if (missing.length > 0) return [key, missing];
  }
  return null;
}
