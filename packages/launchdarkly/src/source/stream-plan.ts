import { type Clock, type Payload, ProtocolError, payloadOfItems } from "@sortition/core/internal";
import {
  type EventStreamOptions,
  linkOptions,
  openEventStream,
  type StreamLink,
  type StreamPlan,
  withPart,
} from "@sortition/node/internal";
import { FLAGS } from "../dialect/addresses.js";
import { JoinedChanges } from "./joined-changes.js";
import type { VersionedStore } from "./versioned-store.js";

/** Time without a byte after which a connection is treated as broken, as in the vendor's SDK. */
const SILENCE_MS = 300_000;
const READY_MS = 30_000;
/** Time until the flags are also polled, because the stream may be silent, slow or buffered by a proxy. */
const WAIT_MS = 1_000;
/** A connection that was lost less than this time after another one is reopened later than that one, as in the vendor's SDK. */
const CALM_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Time until a refused stream is tried again. */
const REFUSED_MS = 300_000;

/** Describes LaunchDarkly's stream. Each connection begins with everything, and changes of one flag or segment follow. */
export function streamPlan(stream: Omit<EventStreamOptions, "onEvent">, clock: Clock): StreamPlan {
  const server = stream.url.origin;
  /** The content of the newest connection. */
  let changes: JoinedChanges | null = null;
  let lostAtMs = Number.NEGATIVE_INFINITY;
  let losses = 0;
  return {
    server,
    startsWith: "stream",
    readyMs: READY_MS,
    waitMs: WAIT_MS,
    silenceMs: null, // the connection notices silence, because comments are signs of life
    onGarbage: "reopen",
    open(link) {
      const own = new JoinedChanges(clock, link);
      changes = own;
      const joined: StreamLink = {
        ...link,
        down(failure) {
          own.interrupt(); // the next connection begins with everything
          link.down(failure);
        },
        ended(failure) {
          own.close();
          link.ended(failure);
        },
      };
      const connection = openEventStream({
        ...stream,
        ...linkOptions(joined),
        silenceMs: SILENCE_MS,
        maxRetryMs: LONGEST_PAUSE_MS,
      });
      return {
        close() {
          own.close();
          connection.close();
        },
      };
    },
    read(event, held) {
      let isNews: boolean | undefined;
      try {
        isNews = changes?.take(event);
      } catch {
        throw new ProtocolError(`the stream of ${server} sent a malformed event`);
      }
      if (changes === null || isNews !== true) return { kind: "ignored" };
      const payload = payloadOf(changes.store, {
        ...{ part: FLAGS, etag: null, fetchedAtMs: clock.now(), from: "network" },
        place: `the stream of ${server}`,
      });
      return { kind: "payloads", payloads: withPart(held, payload), isWhole: true };
    },
    reopenMs({ failure, inARow }, u) {
      const nowMs = clock.monotonicMs();
      // A connection may deliver everything and then the same malformed event again.
      losses = nowMs - lostAtMs < CALM_MS ? losses + 1 : 1;
      lostAtMs = nowMs;
      // The vendor's SDK gives up here.
      if (failure.kind !== "transient") return REFUSED_MS;
      const pauseMs = Math.min(
        LONGEST_PAUSE_MS,
        FIRST_PAUSE_MS * 2 ** (Math.max(inARow, losses) - 1),
      );
      return pauseMs * (1 - u / 2);
    },
  };
}

function payloadOf(
  { items, unusable }: VersionedStore,
  facts: Omit<Payload, "bytes" | "items">,
): Payload {
  return unusable === null
    ? payloadOfItems(items, facts)
    : { ...facts, bytes: Buffer.from(JSON.stringify(unusable)) };
}
