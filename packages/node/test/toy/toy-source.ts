import type { ConfigurationSource, Dialect, PayloadSet } from "@sortition/core/kit";
import { toy } from "@sortition/dialect-kit/toy-dialect";
import {
  type FlagsPart,
  httpOrigin,
  linkOptions,
  openEventStream,
  type StreamEvent,
  type StreamNews,
  type StreamPlan,
  streamedOrigin,
  streamingSource,
  withFlag,
  withPart,
} from "../../src/kit.js";

/** The toy's flags follow a nonce of 12 bytes, which is blank here because nothing is encrypted. */
const NONCE = " ".repeat(12);
const PLACE: FlagsPart = { part: "flags", member: "flags", shape: "list", keyMember: "key" };

export const LIFE_MS = 600_000;
export const MAX_EVENT_BYTES = 65_536;
const REFUSED_MS = 300_000;

/** The toy dialect for unencrypted flags. */
export function plainToy(): Dialect<object> {
  const subtle = {
    decrypt: async (_: object, __: null, data: Uint8Array) => Uint8Array.from(data).buffer,
  };
  return toy({ key: null, subtle });
}

/** The bytes of flags as the toy's server sends them. */
export function toyBody(flags: readonly object[]): string {
  return NONCE + JSON.stringify({ flags });
}

/** A source of the toy's flags with a stream of changes: `put`, `patch` and `delete`. */
export function toySource(baseUrl: string, plan: Partial<StreamPlan> = {}): ConfigurationSource {
  const origin = httpOrigin({ apiKey: "key", baseUrl, dialect: plainToy() });
  return streamingSource(
    streamedOrigin(origin, { ...toyPlan(new URL("/stream", baseUrl)), ...plan }),
  );
}

function toyPlan(url: URL): StreamPlan {
  return {
    startsWith: "stream",
    readyMs: 5_000,
    onGarbage: "fetch",
    silenceMs: null,
    lifeMs: () => LIFE_MS,
    open: (link) => openEventStream({ ...linkOptions(link), url, maxEventBytes: MAX_EVENT_BYTES }),
    read: readEvent,
    reopenMs: ({ failure, inARow }, u) =>
      failure.kind === "transient" ? Math.min(60_000, 1_000 * 2 ** inARow) * (1 + u) : REFUSED_MS,
  };
}

/** `put` contains all flags, `patch` one flag with its key, and `delete` the key of one. */
function readEvent({ data, type }: StreamEvent, held: PayloadSet | null): StreamNews {
  const receivedAtMs = Date.now();
  switch (type) {
    case "put": {
      JSON.parse(data);
      const bytes = Buffer.from(NONCE + data);
      const part = "flags";
      const payload = {
        part,
        bytes,
        etag: null,
        fetchedAtMs: receivedAtMs,
        from: "network",
      } as const;
      return { kind: "payloads", payloads: withPart(held, payload), isWhole: true };
    }
    case "patch":
    case "delete": {
      const { key } = JSON.parse(data);
      if (held === null) return { kind: "fetch" };
      const json = type === "patch" ? data : undefined;
      return { kind: "payloads", payloads: withFlag(held, PLACE, { key, json, receivedAtMs }) };
    }
    default:
      return { kind: "ignored" };
  }
}
