import type { ConfigurationOrigin, Dialect } from "@sortition/core/source";
import { describe, expect, it } from "vitest";
import { streamedOrigin } from "./streamed-origin.js";
import { streamingSource } from "./streaming-source.js";

const polled: ConfigurationOrigin = {
  dialect: { name: "test" } as unknown as Dialect,
  scope: "00",
  fetchOnce: async () => ({ kind: "unchanged" }),
};

describe("streamingSource", () => {
  it("is a source of kind streaming, which has the stream of its origin", () => {
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

  it("refuses an origin without a stream, and bad options", () => {
    expect(() => streamingSource(polled)).toThrow(
      "origin: it has no stream that could be followed: use pollingSource",
    );
    const streamed = { ...polled, follow: () => () => {} };
    expect(() => streamingSource(streamed, { pollIntervalMs: 1 })).toThrow("pollIntervalMs");
    expect(() => streamingSource(streamed, { interval: 1 } as object)).toThrow("interval");
  });
});
