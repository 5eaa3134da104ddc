import { received } from "./subjects.js";

export const LIST_LENGTH = 10_000;

export type Luck = "hit" | "miss";

export function listedAccounts(): readonly string[] {
  return Array.from({ length: LIST_LENGTH }, (_, i) => accountOf(i));
}

/** Returns a subject's account, like a server reads it from a request. Subjects have another order than the list. */
export function accountFor(index: number, luck: Luck): string {
  const offset = luck === "hit" ? 0 : LIST_LENGTH;
  return received(accountOf(((index * 7_919) % LIST_LENGTH) + offset));
}

function accountOf(index: number): string {
  return `account-${String(1_000_000 + index * 37)}`;
}
