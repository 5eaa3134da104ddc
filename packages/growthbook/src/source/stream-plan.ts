import { type Clock, type Payload, ProtocolError } from "@sortition/core/internal";
import {
  type EventStreamOptions,
  linkOptions,
  openEventStream,
  type StreamPlan,
  withPart,
} from "@sortition/node/internal";
import { slowedDown } from "./flapping.js";

export interface StreamPlanOptions {
  /** Address, headers and proxy settings of the stream. */
  readonly stream: Omit<EventStreamOptions, "onEvent">;
  /** Returns whether the last response offered a stream. */
  readonly isOffered: () => boolean;
  readonly clock: Clock;
  /** Time until a refused stream is tried again, ms. */
  readonly refusedMs: number;
}

/**
 * Describes GrowthBook's stream. It has no initial event, so the payload is requested before it and after each
 * interruption. The event `features` contains the whole payload, and `features-updated` announces that it changed.
 *
 * @see src/README.md, "Lifecycle of the drop-in"
 */
export function streamPlan({ clock, isOffered, refusedMs, stream }: StreamPlanOptions): StreamPlan {
  const server = stream.url.origin;
  return {
    server,
    startsWith: "fetch",
    readyMs: null,
    silenceMs: null,
    onGarbage: "fetch",
    mayOpen: isOffered,
    ...slowedDown(clock, refusedMs, (link) => openEventStream({ ...stream, ...linkOptions(link) })),
    read(event, held) {
      if (event.type === "features-updated") return { kind: "fetch" };
      if (event.type !== "features") return { kind: "ignored" };
      const bytes = event.bytes ?? Buffer.from(event.data);
      const payloads = withPart(held, payloadOf(bytes, server, clock.now()));
      return { kind: "payloads", payloads, isWhole: true };
    },
  };
}

/** Rejects data that is not an object before the client receives it. The dialect parses the data later, in slices. */
function payloadOf(bytes: Uint8Array, server: string, fetchedAtMs: number): Payload {
  if (bytes.find((byte) => byte > SPACE) !== BRACE) {
    throw new ProtocolError(`the stream of ${server} sent an event that is not a payload`);
  }
  const place = `the stream of ${server}: is the event whole?`;
  return { part: "flags", bytes, etag: null, fetchedAtMs, from: "network", place };
}

const SPACE = 0x20;
const BRACE = 0x7b;
