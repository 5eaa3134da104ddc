import { randomBytes } from "node:crypto";
import { eppo } from "@sortition/core/eppo";
import {
  type Clock,
  ClosedError,
  type ConfigurationOrigin,
  type Facts,
  type FetchResult,
  HttpStatusError,
  type Payload,
  type PayloadSet,
} from "@sortition/core/internal";
import { createClient, type DiskCacheOptions } from "@sortition/node";
import { type StreamLink, streamedOrigin } from "@sortition/node/internal";
import { flagsPayload, splitFlag } from "@sortition/test-kit/flags";
import type { RedisServer } from "@sortition/test-kit/redis";
import { type RedisFleet, type RedisFleetOptions, redis } from "../../src/index.js";
import type { FleetTimingOptions } from "../../src/options/options.js";
import { timed } from "../support/timed.js";

/** Short enough for a test, and long enough for a busy machine. */
export const TIMINGS: Readonly<
  Record<"pollIntervalMs" | "leaseMs" | "tickMs" | "commandTimeoutMs", number>
> = { pollIntervalMs: 1_000, leaseMs: 600, tickMs: 300, commandTimeoutMs: 200 };

/** A vendor whose flag `version` returns its version, and which counts its requests. */
export class Vendor {
  version = 1;
  requests = 0;
  status = 200;
  /** Whether requests get no response until they are aborted. */
  isHanging = false;
  /** Whether a stream starts with all payloads, so that no request is needed. */
  beginsWithAll = false;
  /** Open streams. The counter is the number of streams that were opened. */
  readonly streams: Set<StreamLink> = new Set();
  opened = 0;
  /** Optional parts in addition to the flags. */
  readonly parts: Map<string, Buffer> = new Map();

  /** @param scope - scope of its origin. */
  constructor(readonly scope: string = randomBytes(16).toString("hex")) {}

  get origin(): ConfigurationOrigin {
    return {
      dialect: eppo(),
      scope: this.scope,
      fetchOnce: async (current, { signal }) => {
        this.requests += 1;
        if (this.isHanging) {
          await new Promise<void>((resolve) => signal.addEventListener("abort", resolve));
          const error = new ClosedError();
          return { kind: "failed", failure: { kind: "transient", error, retryAfterMs: null } };
        }
        return this.#answer(current);
      },
    };
  }

  /** The same origin with a stream. Each event contains all payloads. */
  get streamingOrigin(): ConfigurationOrigin {
    return streamedOrigin(this.origin, {
      startsWith: this.beginsWithAll ? "stream" : "fetch",
      readyMs: null,
      silenceMs: null,
      onGarbage: "fetch",
      open: (link) => {
        this.streams.add(link);
        this.opened += 1;
        // Delayed, as after a round trip.
        setImmediate(() => {
          link.opened();
          if (this.beginsWithAll) link.event(this.#event());
        });
        return { close: () => void this.streams.delete(link) };
      },
      read: ({ data }) => {
        const bytes = Buffer.from(data);
        const flags: Payload = {
          ...{ part: "flags", bytes, etag: null },
          ...{ fetchedAtMs: Date.now(), from: "network" },
        };
        return { kind: "payloads", payloads: [flags], isWhole: true };
      },
      reopenMs: () => 100,
    });
  }

  /** Raises the version, and sends its flags or other data on all streams. */
  push(data?: string): void {
    this.version += 1;
    for (const link of this.streams) link.event(this.#event(data));
  }

  #event(data = flagsOf(this.version).toString()): Parameters<StreamLink["event"]>[0] {
    return { type: "flags", data, lastEventId: "" };
  }

  #answer(current: PayloadSet | null): FetchResult {
    if (this.status !== 200) {
      const error = new HttpStatusError(this.status, null);
      const kind = this.status === 401 ? "unauthorized" : "transient";
      return { kind: "failed", failure: { kind, error, retryAfterMs: null } };
    }
    const parts = new Map([["flags", flagsOf(this.version)], ...this.parts]);
    const payloads = Array.from(parts, ([part, bytes]): Payload => {
      const held = current?.find((payload) => payload.part === part);
      if (held !== undefined && bytes.equals(held.bytes)) return held;
      const isOptional = part !== "flags";
      return { part, bytes, etag: null, fetchedAtMs: Date.now(), from: "network", isOptional };
    });
    const isSame =
      current?.length === payloads.length && payloads.every((it) => current.includes(it));
    return isSame ? { kind: "unchanged" } : { kind: "payloads", payloads };
  }
}

function flagsOf(version: number): Buffer {
  const about = { key: "version", type: "integer", isExperiment: false } as const;
  const flag = splitFlag({ ...about, shares: { v: 100 }, values: { v: version } });
  return Buffer.from(JSON.stringify(flagsPayload("eppo", [flag])));
}

/** One process of a fleet, as seen by Redis. */
export interface Member {
  readonly fleet: RedisFleet;
  readonly client: ReturnType<typeof createClient>;
  readonly messages: readonly string[];
  /** Messages with the level `warn`. */
  readonly warnings: readonly string[];
  /** Messages with their facts. */
  readonly reports: readonly { readonly message: string; readonly facts: Facts }[];
  /** Value of the flag `version`. */
  readonly version: number;
}

/** Members that are closed together. */
export class FleetWorld {
  readonly #members: Member[] = [];
  readonly #alone: RedisFleet[] = [];

  constructor(
    readonly server: Pick<RedisServer, "url">,
    readonly vendor: Vendor = new Vendor(),
  ) {}

  /** Returns a key of the configuration in a namespace. */
  key(namespace: string, suffix: string): string {
    return `sortition:{${namespace}-${this.vendor.scope.slice(0, 12)}}:v1:${suffix}`;
  }

  join(
    options: Partial<RedisFleetOptions> & FleetTimingOptions = {},
    more: { readonly diskCache?: DiskCacheOptions; readonly clock?: Clock } = {},
  ): Member {
    const messages: string[] = [];
    const warnings: string[] = [];
    const reports: { readonly message: string; readonly facts: Facts }[] = [];
    const note = (message: string, facts: Facts = {}): void => {
      messages.push(message);
      reports.push({ message, facts });
    };
    const warn = (message: string, facts?: Facts): void => {
      warnings.push(message);
      note(message, facts);
    };
    const { origin } = this.vendor;
    const fleet = redis(timed({ redis: this.server.url, ...TIMINGS, origin, ...options }));
    const client = createClient({
      source: fleet,
      diagnostics: { debug() {}, info: note, warn, error: note },
      ...more,
    });
    const member: Member = {
      fleet,
      client,
      messages,
      warnings,
      reports,
      get version() {
        return client.getIntegerAssignment("version", "subject", {}, 0);
      },
    };
    this.#members.push(member);
    return member;
  }

  /** Joins without an origin, only for the other uses of Redis. */
  joinAlone(): Pick<Member, "fleet"> {
    const fleet = redis(timed({ redis: this.server.url, ...TIMINGS, namespace: "alone" }));
    this.#alone.push(fleet);
    return { fleet };
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map(({ client }) => client.close()));
    const fleets = [...this.#members.map(({ fleet }) => fleet), ...this.#alone];
    await Promise.all(fleets.map((fleet) => fleet.close()));
  }
}

/** Resolves when a condition is met. */
export async function until(
  isMet: () => boolean | Promise<boolean>,
  timeoutMs = 200_000,
): Promise<void> {
  const endsAtMs = performance.now() + timeoutMs;
  while (!(await isMet())) {
    if (performance.now() > endsAtMs) throw new Error(`not met in time: ${isMet}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
