import { type Clock, ProtocolError } from "@sortition/core/internal";
import {
  type EventStreamOptions,
  linkOptions,
  openEventStream,
  type StreamPlan,
  withPart,
} from "@sortition/node/internal";
import { FLAGS } from "../dialect/addresses.js";
import { joinedLink, MALFORMED, REVISION } from "./joined-link.js";

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
  return {
    server,
    startsWith: "stream",
    readyMs: READY_MS,
    silenceMs: null, // the connection notices silence, because comments are signs of life
    onGarbage: "reopen",
    open(link) {
      const joined = joinedLink(link, clock);
      const connection = openEventStream({
        ...stream,
        ...linkOptions(joined.link),
        silenceMs: SILENCE_MS,
        maxRetryMs: LONGEST_PAUSE_MS,
      });
      return {
        close() {
          joined.close();
          connection.close();
        },
      };
    },
    read({ bytes, type }, held) {
      if (type === MALFORMED) {
        throw new ProtocolError(`the stream of ${server} sent a malformed event`);
      }
      if (type !== REVISION || bytes === undefined) return { kind: "ignored" };
      const place = `the stream of ${server}`;
      const payload = { part: FLAGS, bytes, etag: null, fetchedAtMs: clock.now(), place } as const;
      return {
        kind: "payloads",
        payloads: withPart(held, { ...payload, from: "network" }),
        isWhole: true,
      };
    },
    reopenMs({ failure, inARow }, u) {
      // The vendor's SDK gives up here.
      if (failure.kind !== "transient") return REFUSED_MS;
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (inARow - 1));
      return pauseMs * (1 - u / 2);
    },
  };
}
