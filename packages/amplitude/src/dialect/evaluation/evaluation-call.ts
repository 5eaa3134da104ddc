import type { JsonObject, Subject } from "@sortition/core/dialect";
import { type CohortReferences, type Cohorts, USER_GROUP_TYPE } from "../cohorts/cohorts.js";
import { isInherited, ownMember, setMember } from "../condition/member.js";
import { type ExperimentUser, GROUP_FIELDS, USER_FIELDS } from "../user.js";
import type { Outcome } from "./outcome.js";

/** Cohorts and their references in a configuration, as evaluations read them. */
export interface CohortLookup {
  readonly cohorts: Cohorts;
  readonly references: CohortReferences;
}

/** The first group of one type. */
export interface Group {
  readonly name: unknown;
  /** The user's properties. Absent if empty. */
  readonly properties: unknown;
  /** The user's cohort ids. Absent if empty. */
  readonly cohortIds: unknown;
}

/** A name that conditions read. */
export interface Field {
  readonly name: string;
  /**
   * Whether {@link USER_FIELDS} contains the name, so that an attribute with this name is a member
   * of the user, not a property.
   */
  readonly isUserField: boolean;
  /** Whether every object inherits a member of this name. */
  readonly isInherited: boolean;
}

/** Looks up the facts about a name. */
export function fieldOf(name: string): Field {
  const isUserField = USER_FIELDS.has(name) || name === "user_id";
  return { name, isUserField, isInherited: isInherited(name) };
}

/** Used for users that list their own cohorts. */
export const NO_LOOKUP: CohortLookup = { cohorts: new Map(), references: new Map() };

const NO_RESULTS: ReadonlyMap<string, Outcome> = new Map();
const NOTHING: JsonObject = {};

/**
 * The data that conditions read in one evaluation: the user of a drop-in, or the subject of a typed getter whose
 * attributes become members of the user and user properties. Nothing is copied.
 */
export class EvaluationCall {
  /** Results of the flags that have already been evaluated. */
  results: ReadonlyMap<string, Outcome> = NO_RESULTS;
  /** The last hashed string. `""` if there is none. */
  bucketedBy = "";
  /** Whether a hash decided, of a user in the share of a split or outside of it. */
  isPlaced = false;
  readonly #members: JsonObject;
  readonly #isUser: boolean;
  readonly #lookup: CohortLookup;
  /** The user's id, of any type. */
  readonly userId: unknown;
  /** The id to look for in cohorts. Absent if the user lists its own cohorts. */
  readonly memberId: unknown;

  private constructor(members: JsonObject, userId: unknown, isUser: boolean, lookup: CohortLookup) {
    this.#members = members;
    this.userId = userId;
    this.memberId = lookup === NO_LOOKUP ? undefined : userId;
    this.#isUser = isUser;
    this.#lookup = lookup;
  }

  /** Creates a call for a user in the vendor's format. Only the groups may be inherited. */
  static ofUser(user: ExperimentUser, lookup: CohortLookup): EvaluationCall {
    const isPlain = Object.getPrototypeOf(user) === Object.prototype;
    const members = (isPlain ? user : ownMembers(user)) as JsonObject; // members of any object are unknown
    return new this(members, members["user_id"], true, lookup);
  }

  /** Creates a call for the subject of a typed getter. */
  static ofSubject({ attributes, key }: Subject, lookup: CohortLookup): EvaluationCall {
    const members = typeof attributes === "object" ? (attributes ?? NOTHING) : NOTHING;
    return new this(members, key === "" ? undefined : key, false, lookup);
  }

  /** Returns a member of the user, except for cohorts and user properties. */
  field({ isInherited, isUserField, name }: Field): unknown {
    if (!this.#isUser && !isUserField) return undefined;
    // Most names need no check for an own member, which is slower.
    return isInherited ? ownMember(this.#members, name) : this.#members[name];
  }

  property({ isInherited, isUserField, name }: Field): unknown {
    const members = this.#members;
    if (!this.#isUser && !isUserField) {
      const value = isInherited ? ownMember(members, name) : members[name];
      if (value !== undefined) return value;
    }
    const properties = members["user_properties"];
    if (isInherited || typeof properties !== "object" || properties === null) {
      return ownMember(properties, name);
    }
    return (properties as JsonObject)[name];
  }

  properties(): unknown {
    const given = ownMember(this.#members, "user_properties");
    if (this.#isUser) return given;
    const properties: Record<string, unknown> = isObject(given) ? { ...given } : {};
    let isEmpty = given === undefined;
    for (const name of Object.keys(this.#members)) {
      if (USER_FIELDS.has(name) || name === "user_id") continue;
      setMember(properties, name, this.#members[name]);
      isEmpty = false;
    }
    return isEmpty ? undefined : properties;
  }

  isMember(cohortId: string, groupType: string, id: unknown): boolean {
    return isMember(this.#lookup, cohortId, groupType, id);
  }

  /**
   * Returns the ids of the cohorts that contain the user, or the caller's ids if no flag refers to
   * cohorts.
   */
  cohortIds(): unknown {
    const { userId } = this;
    const referred = this.#lookup.references.get(USER_GROUP_TYPE);
    if (userId && referred !== undefined && referred.size > 0) {
      return memberships(this.#lookup, referred, USER_GROUP_TYPE, userId);
    }
    return ownMember(this.#members, "cohort_ids");
  }

  group(type: string): Group | null {
    const name = firstName(ownMember(this.#groupNames(), type));
    if (!name) return null;
    const byName = ownMember(ownMember(this.#members, "group_properties"), type);
    const properties = ownMember(byName, String(name));
    return {
      name,
      properties: hasMembers(properties) ? properties : undefined,
      cohortIds: this.#groupCohortIds(type, name),
    };
  }

  /** Quirk: a string instead of the groups is a list of its characters (amplitude). */
  #groupNames(): unknown {
    const groups = ownMember(this.#members, "groups");
    return typeof groups === "string" ? [...groups] : groups;
  }

  #groupCohortIds(type: string, name: unknown): unknown {
    const referred = this.#lookup.references.get(type);
    const ids =
      referred !== undefined && referred.size > 0
        ? memberships(this.#lookup, referred, type, name)
        : ownMember(ownMember(ownMember(this.#members, "group_cohort_ids"), type), String(name));
    return hasMembers(ids) ? ids : undefined;
  }

  /** Returns the user as conditions see it, or `undefined` if it has no members. */
  user(): JsonObject | undefined {
    const user: Record<string, unknown> = {};
    if (this.#isUser) {
      for (const name of Object.keys(this.#members)) {
        if (!GROUP_FIELDS.has(name)) setMember(user, name, this.#members[name]);
      }
    } else {
      user["user_id"] = this.userId;
      for (const name of Object.keys(this.#members)) {
        if (USER_FIELDS.has(name) && !GROUP_FIELDS.has(name)) user[name] = this.#members[name];
      }
      const properties = this.properties();
      if (properties !== undefined) user["user_properties"] = properties;
    }
    const cohortIds = this.cohortIds();
    if (cohortIds !== undefined) user["cohort_ids"] = cohortIds;
    return Object.keys(user).length > 0 ? user : undefined;
  }

  /** Returns the groups as conditions see them, or `undefined` if there are none. */
  groups(): JsonObject | undefined {
    const given = this.#groupNames();
    if (typeof given !== "object" || given === null) return undefined;
    const groups = {};
    for (const type of Object.keys(given)) {
      const group = this.groupObject(type);
      if (group !== undefined) setMember(groups, type, group);
    }
    return Object.keys(groups).length > 0 ? groups : undefined;
  }

  groupObject(type: string): JsonObject | undefined {
    const group = this.group(type);
    if (group === null) return undefined;
    const { cohortIds, name, properties } = group;
    return {
      group_name: name,
      ...(properties === undefined ? {} : { group_properties: properties }),
      ...(cohortIds === undefined ? {} : { cohort_ids: cohortIds }),
    };
  }

  context(): JsonObject {
    const [user, groups] = [this.user(), this.groups()];
    return { ...(user === undefined ? {} : { user }), ...(groups === undefined ? {} : { groups }) };
  }

  /** Returns the variants of the flags that have already been evaluated, by flag key. */
  variants(): JsonObject {
    const variants = {};
    for (const [key, { variant }] of this.results) setMember(variants, key, variant);
    return variants;
  }
}

function ownMembers(user: ExperimentUser): ExperimentUser {
  const { group_cohort_ids, group_properties, groups } = user;
  return { ...user, group_cohort_ids, group_properties, groups };
}

/**
 * Quirk: anything with a length is a list of names, and a string is a list of its characters
 * (amplitude).
 */
function firstName(given: unknown): unknown {
  const names = (given ?? []) as ArrayLike<unknown>; // anything else has no length
  return names.length > 0 ? names[0] : undefined;
}

function hasMembers(value: unknown): boolean {
  if (typeof value === "string") return value !== "";
  return isObject(value) && Object.keys(value).length > 0;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/**
 * Returns the ids of the cohorts of a group type that contain a member, in the order of the
 * references in flags.
 */
export function memberships(
  lookup: CohortLookup,
  referred: ReadonlySet<string>,
  groupType: string,
  id: unknown,
): string[] {
  const ids: string[] = [];
  for (const cohortId of referred) {
    if (isMember(lookup, cohortId, groupType, id)) ids.push(cohortId);
  }
  return ids;
}

function isMember(
  { cohorts }: CohortLookup,
  cohortId: string,
  groupType: string,
  id: unknown,
): boolean {
  const cohort = cohorts.get(cohortId);
  return cohort?.groupType === groupType && cohort.has(id);
}
