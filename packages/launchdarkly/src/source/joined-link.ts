import type { Clock } from "@sortition/core/internal";
import type { StreamEvent, StreamLink } from "@sortition/node/internal";
import { applyEvent } from "./read-event.js";
import { VersionedStore } from "./versioned-store.js";

/** Time between two revisions of the payload. Changes in between are joined. */
const JOIN_MS = 50;

/** The type of events that contain a revision of the whole payload. */
export const REVISION = "revision";
/** The type of the event that replaces a malformed one. */
export const MALFORMED = "malformed";

/** A link that turns events into revisions of the payload. */
export interface JoinedLink {
  readonly link: StreamLink;
  /** Cancels the pending revision. */
  close(): void;
}

/**
 * Joins the changes of a connection into revisions of the payload. The first one after a pause is passed on at once, and
 * further ones at most every 50 ms.
 */
export function joinedLink(link: StreamLink, clock: Clock): JoinedLink {
  const store = new VersionedStore();
  let isComplete = false;
  let lastAtMs = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | null = null;
  const close = (): void => {
    cancel?.();
    cancel = null;
  };
  const emit = (): void => {
    close();
    lastAtMs = clock.monotonicMs();
    link.event({ type: REVISION, data: "", lastEventId: "", bytes: store.toBytes() });
  };
  const event = (received: StreamEvent): void => {
    let effect: ReturnType<typeof applyEvent>;
    try {
      effect = applyEvent(received, store);
    } catch {
      link.event({ type: MALFORMED, data: "", lastEventId: "" });
      return;
    }
    if (effect === "replaced") {
      isComplete = true;
      emit();
    } else if (effect === "changed" && isComplete && cancel === null) {
      const waitMs = lastAtMs + JOIN_MS - clock.monotonicMs();
      if (waitMs <= 0) emit();
      else cancel = clock.setTimer(emit, waitMs, { holdsProcess: false });
    }
  };
  return {
    close,
    link: {
      opened: () => link.opened(),
      alive: () => link.alive(),
      event,
      down(failure) {
        close();
        isComplete = false; // the next connection begins with everything
        link.down(failure);
      },
      ended(failure) {
        close();
        link.ended(failure);
      },
    },
  };
}
