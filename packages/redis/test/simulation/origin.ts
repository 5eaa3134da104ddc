import { createHash } from "node:crypto";
import { eppo } from "@sortition/core/eppo";
import type { ConfigurationOrigin, FetchResult } from "@sortition/core/source";

/** An origin whose content changes, and that remembers when it was asked. */
export interface SimulatedOrigin extends ConfigurationOrigin {
  readonly askedAtMs: readonly number[];
  /** Serves another content from now on. */
  change(): void;
}

/**
 * Bytes of the configuration, about: what one of 50 KB needs compressed. Redis moves the same, and this one
 * process need not decompress it a thousand times.
 */
const SIZE_BYTES = 5_000;

/** Creates it. */
export function simulatedOrigin(): SimulatedOrigin {
  const askedAtMs: number[] = [];
  let version = 1;
  return {
    dialect: eppo(),
    scope: "51".repeat(32),
    askedAtMs,
    change() {
      version += 1;
    },
    async fetchOnce(current): Promise<FetchResult> {
      askedAtMs.push(performance.now());
      const etag = `"${version}"`;
      if (current?.[0]?.etag === etag) return { kind: "unchanged" };
      const bytes = bytesOf(version);
      const fetchedAtMs = Date.now();
      return {
        kind: "payloads",
        payloads: [{ part: "flags", bytes, etag, fetchedAtMs, from: "network" }],
      };
    },
  };
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
