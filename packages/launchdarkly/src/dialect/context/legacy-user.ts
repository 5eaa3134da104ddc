type Members = Readonly<Record<string, unknown>>;

/** Attributes that a legacy user has outside of `custom`. */
const BUILT_IN = ["name", "ip", "firstName", "lastName", "email", "avatar", "country"] as const;

/** Converts a user from before there were kinds of contexts. */
export function legacyUser(user: Members): Members {
  const members: Record<string, unknown> = { ...(user["custom"] as Members | null | undefined) };
  members["kind"] = "user";
  members["key"] = String(user["key"]);
  const isAnonymous = user["anonymous"] ?? null;
  if (isAnonymous !== null) members["anonymous"] = Boolean(isAnonymous);
  for (const name of BUILT_IN) {
    const value = user[name] ?? null;
    if (value !== null) members[name] = value;
  }
  const privateNames = user["privateAttributeNames"] ?? null;
  if (privateNames !== null) members["_meta"] = { privateAttributes: privateNames };
  return members;
}
