import { randomBytes } from "node:crypto";

/** Returns a new secret. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}
