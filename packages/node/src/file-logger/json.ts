/**
 * Serializes a caller's value. A bigint becomes a string; functions, symbols and `undefined` are
 * left out. If the whole value cannot be serialized, for example because it is circular, the
 * members that cannot be serialized are left out.
 *
 * @param levels - depth to which members are checked; 0: not at all.
 */
export function jsonOf(value: unknown, levels: number): string {
  return withoutUnreadable(value, levels) ?? "null";
}

/** Returns `undefined` if nothing is left. */
function withoutUnreadable(value: unknown, levels: number): string | undefined {
  try {
    return JSON.stringify(value, replace);
  } catch {
    return levels === 0 ? undefined : membersOf(value, levels - 1);
  }
}

function membersOf(value: unknown, levels: number): string | undefined {
  if (Array.isArray(value)) return undefined;
  try {
    const members = Object.keys(value as object) // numbers and strings can always be serialized
      .map((name) => [JSON.stringify(name), memberOf(value as object, name, levels)])
      .filter(([, json]) => json !== undefined);
    return `{${members.map((member) => member.join(":")).join(",")}}`;
  } catch {
    return undefined;
  }
}

/** Returns `undefined` for a member that cannot be serialized or whose getter throws. */
function memberOf(owner: object, name: string, levels: number): string | undefined {
  try {
    return withoutUnreadable(owner[name as keyof typeof owner], levels);
  } catch {
    return undefined;
  }
}

function replace(_: string, member: unknown): unknown {
  return typeof member === "bigint" ? `${member}` : member;
}
