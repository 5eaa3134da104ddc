const MAX_NAMES = 5;

/** Lists the names of some members for a message. Values are omitted, because they may be personal data. */
export function namesOf(members: object): string {
  const names = Object.keys(members);
  if (names.length === 0) return "none";
  const shown = names.slice(0, MAX_NAMES).join(", ");
  return names.length > MAX_NAMES ? `${shown}, …` : shown;
}
