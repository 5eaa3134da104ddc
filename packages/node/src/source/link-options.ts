import { type Failure, HttpStatusError } from "@sortition/core/internal";
import { thrownFailure } from "../http/failure.js";
import type {
  EventStreamFailure,
  EventStreamOptions,
} from "../http/stream/event-stream-options.js";
import { streamStatusFailure } from "../http/stream/stream-status.js";
import type { StreamLink } from "./stream-plan.js";

/**
 * Options of an event stream that reports to a link and reconnects on its own. It never resumes
 * from an earlier event, because flags may have been requested in the meantime.
 */
export function linkOptions(
  link: StreamLink,
): Pick<EventStreamOptions, "lastEventId" | "onOpen" | "onAlive" | "onEvent" | "onError"> {
  return {
    lastEventId: null,
    onOpen: () => link.opened(),
    onAlive: () => link.alive(),
    onEvent: (event) => link.event(event),
    onError({ error, state }) {
      const failure = failureOf(error);
      if (state === "closed") link.ended(failure);
      // The state `open` means that a callback threw, and the callbacks of a link do not throw.
      else if (state !== "open") link.down(failure);
    },
  };
}

function failureOf(error: EventStreamFailure["error"]): Failure {
  return error instanceof HttpStatusError
    ? streamStatusFailure(error.httpStatus, error.retryAfterMs, error.message)
    : thrownFailure(error);
}
