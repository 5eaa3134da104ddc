import type { Environment } from "../environment/environment.js";

/** Value of `Retry-After` in seconds if the time of the next attempt is unknown. */
export const RETRY_SECONDS = 5;
const MAX_RETRY_SECONDS = 60;

/** Returns the `Retry-After` header of responses before the first configuration. */
export function retryAfter({ status }: Environment): Readonly<Record<string, string>> {
  const { nextAttemptInMs = null } = status ?? {};
  const seconds = nextAttemptInMs === null ? RETRY_SECONDS : Math.ceil(nextAttemptInMs / 1_000);
  return { "retry-after": `${Math.min(Math.max(1, seconds), MAX_RETRY_SECONDS)}` };
}
