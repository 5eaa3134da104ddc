import type { Environment } from "../environment/environment.js";

/** Wait before the next try, in seconds, where it is not known when there will be an answer. */
export const RETRY_SECONDS = 5;
const MAX_RETRY_SECONDS = 60;

/** The header of an answer before the first configuration. */
export function retryAfter({ nextAttemptInMs }: Environment): Readonly<Record<string, string>> {
  const seconds = nextAttemptInMs === null ? RETRY_SECONDS : Math.ceil(nextAttemptInMs / 1_000);
  return { "retry-after": `${Math.min(Math.max(1, seconds), MAX_RETRY_SECONDS)}` };
}
