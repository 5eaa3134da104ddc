import { randomBytes } from "node:crypto";
import { eppo } from "@sortition/core/eppo";
import type { ConfigurationOrigin, FetchResult, Payload } from "@sortition/core/internal";

/** An origin with two parts: flags of about `flagsBytes`, which change, and models of `largeBytes`, which do not. */
export interface PartsOrigin extends ConfigurationOrigin {
  change(): void;
  /** When it was polled. */
  readonly pollTimes: readonly number[];
}

/** Creates the origin. Several fleets share it, like the vendor's server. */
export function partsOrigin(largeBytes: number, flagsBytes: number = 16): PartsOrigin {
  let version = 1;
  const pollTimes: number[] = [];
  // Random digits do not compress, like the ids of a cohort.
  const padding = (bytes: number): string => randomBytes(bytes / 2).toString("hex");
  const text = new TextEncoder();
  const members = { updatedAt: "2026-01-01", bandits: {}, padding: padding(largeBytes) };
  const models = text.encode(JSON.stringify(members));
  const payload = (part: string, bytes: Uint8Array, etag: string): Payload => ({
    part,
    bytes,
    etag,
    fetchedAtMs: Date.now(),
    from: "network",
    ...(part === "flags" ? {} : { isOptional: true }),
  });
  return {
    dialect: eppo(),
    scope: "ab".repeat(32),
    pollTimes,
    change() {
      version += 1;
    },
    async fetchOnce(current): Promise<FetchResult> {
      pollTimes.push(performance.now());
      const etag = `"${version}"`;
      const held = current?.find(({ part }) => part === "flags");
      if (held?.etag === etag) return { kind: "unchanged" };
      const flags = { flags: flagsOf(version), padding: padding(flagsBytes) };
      const body = { createdAt: "2026-01-01", format: "SERVER", ...flags };
      const others = current?.find(({ part }) => part === "bandits");
      return {
        kind: "payloads",
        payloads: [
          payload("flags", text.encode(JSON.stringify(body)), etag),
          others ?? payload("bandits", models, '"models"'),
        ],
      };
    },
  };
}

function flagsOf(version: number): object {
  const variations = { it: { key: "it", value: version } };
  const allocation = { key: "all", splits: [{ variationKey: "it", shards: [] }], doLog: false };
  const version_ = { key: "version", enabled: true, variationType: "INTEGER", totalShards: 10_000 };
  return { version: { ...version_, variations, allocations: [allocation] } };
}
