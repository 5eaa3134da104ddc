import type { ConfigurationOrigin, Dialect, FollowListener } from "@sortition/core/internal";
import { RecordingSink } from "@sortition/dialect-kit/source-contract";
import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { diskCachedSource } from "../disk/disk-cached-source.js";
import { streamedOrigin } from "./streamed-origin.js";
import { streamingSource } from "./streaming-source.js";

const dialect = { name: "test" } as unknown as Dialect; // a source reads nothing else of it
const polled: ConfigurationOrigin = {
  dialect,
  scope: "00",
  fetchOnce: async () => ({ kind: "unchanged" }),
};

describe("streamingSource", () => {
  it("has the kind streaming, and the stream of its origin", () => {
    const streamed = streamedOrigin(polled, {
      open: () => ({ close() {} }),
      read: () => ({ kind: "ignored" }),
      startsWith: "stream",
      readyMs: null,
      onGarbage: "fetch",
      silenceMs: null,
      reopenMs: () => null,
    });
    const source = streamingSource(streamed, { pollIntervalMs: 1_000 });
    expect(source).toMatchObject({ kind: "streaming", intervalMs: 1_000, scope: "00" });
    expect(source.stream).toEqual({ isUp: false, opened: 0, lost: 0, events: 0, bytes: 0 });
  });

  it("can be combined with a disk copy, and keeps its stream", () => {
    const stream = { isUp: true, opened: 1, lost: 0, events: 1, bytes: 1 };
    const source = streamingSource({ ...polled, follow: () => () => {}, stream });
    expect(diskCachedSource(source, { directory: "/nowhere" })).toMatchObject({
      kind: "streaming",
      stream,
    });
  });

  it("requests only at the start and when the stream asks for it if there is no interval", async () => {
    const listeners: FollowListener[] = [];
    let looks = 0;
    let hasEnded = false;
    const origin: ConfigurationOrigin = {
      ...polled,
      async fetchOnce() {
        looks += 1;
        return { kind: "unchanged" };
      },
      follow(listener) {
        listeners.push(listener);
        return () => {
          hasEnded = true;
        };
      },
    };
    const clock = createFakeClock();
    const sink = new RecordingSink();
    const source = streamingSource(origin, { pollIntervalMs: null });
    const subscription = sink.subscribe(source, dialect, clock);
    await clock.advance(86_400_000);
    expect([looks, sink.calls]).toEqual([1, []]);
    listeners[0]?.changed("payloads");
    await clock.advance(86_400_000);
    expect(looks).toBe(2);
    await subscription.end({ signal: new AbortController().signal });
    listeners[0]?.changed("payloads");
    await clock.advance(0);
    expect([looks, listeners.length, hasEnded, clock.pending]).toEqual([2, 1, true, []]);
  });

  it("refuses an origin without a stream, and invalid options", () => {
    expect(() => streamingSource(polled)).toThrow(
      "origin: it has no stream to follow: use pollingSource",
    );
    const streamed = { ...polled, follow: () => () => {} };
    expect(() => streamingSource(streamed, { pollIntervalMs: 1 })).toThrow("pollIntervalMs");
    expect(() => streamingSource(streamed, { interval: 1 } as object)).toThrow("interval");
  });
});
