import { type HashedUnit, type UnitSubject, withAttribute } from "@sortition/core/dialect";
import { hashedText, stringOf } from "@sortition/core/dialect-internal";
import type { SdkRules } from "../evaluation/sdk-rules.js";
import { userOf } from "../evaluation/user.js";

/** The type of ID of users. */
const USER_ID = "userID";
const CUSTOM_IDS = "customIDs";

/** A type of ID. */
export interface IdUnit extends HashedUnit {
  readonly sdk: SdkRules;
}

/** Describes a type of ID. Custom IDs may also be attributes of their own. */
export function unitNamed(idType: unknown, sdk: SdkRules): IdUnit {
  const name = stringOf(idType);
  if (name.toLowerCase() === USER_ID.toLowerCase()) return { name: USER_ID, attributes: [], sdk };
  return { name, attributes: [`${CUSTOM_IDS}.${name}`, name], sdk };
}

/** Returns a subject's ID; `null` if it has none. */
export function idOf({ name, sdk }: IdUnit, subject: UnitSubject): string | null {
  return hashedText(sdk.unitOf(userOf(subject, { extras: null }), name));
}

/** Returns a subject's attributes with another custom ID. */
export function withId(
  { name }: IdUnit,
  { attributes }: UnitSubject,
  value: string,
): UnitSubject["attributes"] {
  const isInside = Object.hasOwn(attributes, CUSTOM_IDS);
  // The name of an ID may contain dots, which are no path.
  return isInside
    ? withAttribute(attributes, CUSTOM_IDS, {
        ...(attributes[CUSTOM_IDS] as object),
        [name]: value,
      })
    : { ...attributes, [name]: value };
}
