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
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Time until a refused stream is tried again. */
const REFUSED_MS = 300_000;

/** Describes LaunchDarkly's stream. Each connection begins with everything, and changes of one flag or segment follow. */
export function streamPlan(stream: Omit<EventStreamOptions, "onEvent">, clock: Clock): StreamPlan {
  const server = stream.url.origin;
  /** The content of the newest connection. */
  let changes: JoinedChanges | null = null;
  return {
    server,
    startsWith: "stream",
    readyMs: READY_MS,
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
      // The vendor's SDK gives up here.
      if (failure.kind !== "transient") return REFUSED_MS;
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (inARow - 1));
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
