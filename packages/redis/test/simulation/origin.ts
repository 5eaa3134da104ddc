import { createHash } from "node:crypto";
import { eppo } from "@sortition/core/eppo";
import type { ConfigurationOrigin, FetchResult, PayloadSet } from "@sortition/core/internal";
import { type StreamLink, streamedOrigin } from "@sortition/node/internal";

/** An origin whose content changes, and that records when it was requested. */
export interface SimulatedOrigin extends ConfigurationOrigin {
  readonly askedAtMs: readonly number[];
  /** Number of opened streams, and the maximum that were open at the same time. */
  readonly streams: { readonly opened: number; readonly most: number };
  /** Changes the content, and sends it on all streams. */
  change(): void;
  /** Creates the origin of one process, with a stream. */
  streaming(): StreamingOrigin;
}

/** The origin of one process. */
export interface StreamingOrigin extends ConfigurationOrigin {
  /** Ends the connections of a process that is killed. */
  cut(): void;
}

/**
 * Approximate size of the configuration. This is the compressed size of a configuration of 50 KB.
 * The traffic is the same, but this one process need not decompress it a thousand times.
 */
const SIZE_BYTES = 5_000;

/** Creates the origin. */
export function simulatedOrigin(): SimulatedOrigin {
  const askedAtMs: number[] = [];
  const links = new Set<StreamLink>();
  const streams = { opened: 0, most: 0 };
  let version = 1;
  const payloads = (): PayloadSet => {
    const fetchedAtMs = Date.now();
    const etag = `"${version}"`;
    return [{ part: "flags", bytes: bytesOf(version), etag, fetchedAtMs, from: "network" }];
  };
  const origin: SimulatedOrigin = {
    dialect: eppo(),
    scope: "51".repeat(32),
    askedAtMs,
    streams,
    change() {
      version += 1;
      for (const link of links) link.event({ type: "changed", data: "", lastEventId: "" });
    },
    streaming() {
      let cut = (): void => {};
      const streamed = streamedOrigin(origin, {
        startsWith: "fetch",
        readyMs: null,
        silenceMs: null,
        onGarbage: "fetch",
        open(link) {
          cut = () => void links.delete(link);
          links.add(link);
          streams.opened += 1;
          streams.most = Math.max(streams.most, links.size);
          setImmediate(() => link.opened());
          return { close: cut };
        },
        read: () => ({ kind: "payloads", payloads: payloads(), isWhole: true }),
        reopenMs: () => 1_000,
      });
      return Object.assign(streamed, { cut: () => cut() });
    },
    async fetchOnce(current): Promise<FetchResult> {
      askedAtMs.push(performance.now());
      if (current?.[0]?.etag === `"${version}"`) return { kind: "unchanged" };
      return { kind: "payloads", payloads: payloads() };
    },
  };
  return origin;
}

function bytesOf(version: number): Uint8Array {
  const flag = (i: number): object => ({
    key: `team-${i % 7}-feature-${sha256Hex(`${i}`).slice(0, 12)}`,
    enabled: i % 10 !== 9,
    variationType: "STRING",
    totalShards: 10_000,
    variations: { control: { key: "control", value: `${(i * 7_919) % 1_009}` } },
    allocations: [
      { key: `all-${i}`, splits: [{ variationKey: "control", shards: [] }], doLog: true },
    ],
  });
  const flags: Record<string, object> = { version: flag(version) };
  let size = 0;
  for (let i = 0; size < SIZE_BYTES; i++) {
    const next = flag(i);
    flags[`flag-${i}`] = next;
    size += JSON.stringify(next).length;
  }
  return new TextEncoder().encode(JSON.stringify({ format: "SERVER", flags, version }));
}

function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
