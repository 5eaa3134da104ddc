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
  /** Address, headers and route of the stream. */
  readonly stream: Omit<EventStreamOptions, "onEvent">;
  /** Whether the last response said that there is a stream. */
  readonly isOffered: () => boolean;
  readonly clock: Clock;
  /** Ms until a stream that was refused is tried again. */
  readonly refusedMs: number;
}

/**
 * GrowthBook's stream. It begins with nothing: the payload is requested before it, and after each interruption. An
 * event `features` has the whole payload, `features-updated` says that it has changed.
 *
 * @see docs/spec/growthbook.md, "The stream of a native client"
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

/** Not parsed: that is for the dialect, in slices. A text that is not an object is refused before the client sees it. */
function payloadOf(bytes: Uint8Array, server: string, fetchedAtMs: number): Payload {
  if (bytes.find((byte) => byte > SPACE) !== BRACE) {
    throw new ProtocolError(`the stream of ${server} has an event that is no payload`);
  }
  const place = `the stream of ${server}: is the event whole?`;
  return { part: "flags", bytes, etag: null, fetchedAtMs, from: "network", place };
}

const SPACE = 0x20;
const BRACE = 0x7b;
