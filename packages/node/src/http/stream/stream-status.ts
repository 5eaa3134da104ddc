import { type Failure, statusFailure } from "@sortition/core/internal";

/**
 * Classifies the status of a response to the request for a stream. Unlike a poll, a stream that is refused with 400 is
 * tried again soon, because proxies send it while a server restarts.
 */
export function streamStatusFailure(
  ...[status, ...rest]: Parameters<typeof statusFailure>
): Failure {
  const failure = statusFailure(status, ...rest);
  return status === 400 ? { ...failure, kind: "transient" } : failure;
}
