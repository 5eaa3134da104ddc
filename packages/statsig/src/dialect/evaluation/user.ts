import type { Scope, UnitSubject } from "@sortition/core/dialect";
import { isObject } from "@sortition/core/dialect-internal";

/** A user as the vendor's SDKs accept it. */
export interface StatsigUser {
  readonly userID?: unknown;
  readonly customIDs?: Readonly<Record<string, unknown>> | null;
  readonly custom?: Readonly<Record<string, unknown>> | null;
  readonly privateAttributes?: Readonly<Record<string, unknown>> | null;
  readonly statsigEnvironment?: Readonly<Record<string, unknown>> | null;
  readonly [field: string]: unknown;
}

/** What a caller passes in addition to the attributes of a subject. */
export interface StatsigExtras {
  /** A user as the vendor's SDK accepts it. It replaces the subject's key and attributes. */
  readonly user?: StatsigUser;
}

/** Fields that a user has outside of `custom`. */
const OWN: readonly string[] = [
  ...["customIDs", "custom", "privateAttributes", "statsigEnvironment"],
  ...["email", "ip", "userAgent", "country", "locale", "appVersion"],
];

/** Returns the user of a call. Attributes that are not fields of a user are custom fields, and may be custom IDs. */
export function userOf(
  { attributes, key }: UnitSubject,
  { extras, isKeyless }: Pick<Scope<StatsigExtras>, "extras" | "isKeyless">,
): StatsigUser {
  const given = extras?.user;
  if (given !== undefined) return isObject(given) ? given : {};
  const user: Record<string, unknown> = {};
  if (isKeyless !== true) user["userID"] = key;
  let custom: Record<string, unknown> | null = null;
  for (const [name, value] of Object.entries(attributes)) {
    if (OWN.includes(name)) user[name] = value;
    else {
      custom ??= {};
      custom[name] = value;
    }
  }
  if (custom === null) return user;
  user["custom"] = { ...custom, ...(user["custom"] as object | undefined) };
  const ids = user["customIDs"] as object | undefined;
  user["customIDs"] = { ...scalarsIn(custom), ...ids };
  return user;
}

function scalarsIn(custom: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isScalar = (it: unknown): boolean => typeof it === "string" || typeof it === "number";
  return Object.fromEntries(Object.entries(custom).filter(([, it]) => isScalar(it)));
}
