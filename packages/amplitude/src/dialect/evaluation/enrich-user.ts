import { USER_GROUP_TYPE } from "../cohorts/cohorts.js";
import { setMember } from "../condition/member.js";
import type { ExperimentUser } from "../user.js";
import { type CohortLookup, memberships } from "./evaluation-call.js";

/**
 * Writes the ids of cohorts to a user as the vendor's clients do before each evaluation:
 * `cohort_ids` of a user with an id, and `group_cohort_ids` of the first group of each type.
 *
 * @throws TypeError if a group type of the user has `null` or `undefined` instead of a list of
 * names.
 */
export function enrichUser(user: ExperimentUser, lookup: CohortLookup): void {
  const { references } = lookup;
  const ofUsers = references.get(USER_GROUP_TYPE);
  if (user.user_id && ofUsers !== undefined && ofUsers.size > 0) {
    user.cohort_ids = memberships(lookup, ofUsers, USER_GROUP_TYPE, user.user_id);
  }
  if (!user.groups) return;
  for (const type of Object.keys(user.groups)) {
    const names = user.groups[type] as readonly unknown[] | string | null | undefined;
    if (names === null || names === undefined) {
      throw new TypeError(`groups[${JSON.stringify(type)}]: expected an array of names`);
    }
    const referred = references.get(type);
    if (names.length === 0 || referred === undefined || referred.size === 0) continue;
    const name = names[0];
    user.group_cohort_ids ||= {};
    const byType = user.group_cohort_ids;
    if (!Object.hasOwn(byType, type)) setMember(byType, type, {});
    const byName = byType[type];
    if (typeof byName !== "object" || byName === null) continue;
    setMember(byName, String(name), memberships(lookup, referred, type, name));
  }
}
