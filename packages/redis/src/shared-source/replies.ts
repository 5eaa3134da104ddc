import { decodeName } from "../codec/part-names.js";

/** How the last poll of the fleet ended; empty without one. */
export type PollOutcome =
  | "ok"
  | "origin-error"
  | "unauthorized"
  | "rate-limited"
  | "too-large"
  | "out-of-memory"
  | "";

/** The last poll of the fleet, as Redis has it. */
export interface LastPoll {
  readonly outcome: PollOutcome;
  /** Status of the origin's answer; 0 without one. */
  readonly status: number;
  readonly failures: number;
}

/** The answer to a tick. Durations are measured by the clock of Redis alone. */
export interface Tick extends LastPoll {
  readonly isHeld: boolean;
  /** Number of the lease, if it is held. */
  readonly n: string;
  /** Whether the caller has to poll now. */
  readonly mustPoll: boolean;
  /** Time until the gate expires, which holds up the next poll; negative without one. */
  readonly gateMs: number;
  /** Time until the lease expires; negative without one. */
  readonly leaseMs: number;
  /** 0: nothing is stored. */
  readonly revision: number;
  readonly sha: string;
  /** Time since a poll was due, negative before; `null`: unknown. */
  readonly overdueMs: number | null;
  /** Age of the last good poll; `null`: unknown. */
  readonly okAgeMs: number | null;
  readonly scope: string;
  /** Worker that leads; empty without one. */
  readonly leader: string;
  /** Time since the last poll ended; `null`: unknown. */
  readonly settledAgeMs: number | null;
  /** The last report of a damaged configuration, as `<revision>@<time>`; empty without one. */
  readonly damage: string;
}

export interface StoredPart {
  readonly name: string;
  readonly hash: string;
  readonly etag: string | null;
  readonly fetchedAtMs: number;
  /** `null` if the reader holds the part already, or the bytes are missing. */
  readonly encoding: string | null;
  readonly bytes: Buffer | null;
  /** Decoded size, as the publisher stored it; `NaN` without one. */
  readonly sizeBytes: number;
  /** Whether the origin offered a stream of changes with it. */
  readonly hasStream: boolean;
}

export interface Stored {
  readonly revision: number;
  readonly sha: string;
  readonly scope: string;
  readonly format: string;
  readonly okAgeMs: number | null;
  readonly parts: readonly StoredPart[];
  /** Hashes of parts that are too large to be stored. */
  readonly omitted: ReadonlyMap<string, string>;
  readonly fence: string;
}

/** The worker that made a token: the token without its random bits, which protect the lease. */
export function workerOf(token: string): string {
  return token.slice(0, Math.max(0, token.lastIndexOf(".")));
}

export function storedPartOf(reply: unknown): StoredPart {
  const at = listOf(reply);
  const bytes: unknown = Array.isArray(reply) ? reply[6] : null;
  return {
    name: decodeName(at(0)),
    hash: at(1),
    etag: at(2) === "" ? null : at(2),
    sizeBytes: Number.parseInt(at(3), 10),
    fetchedAtMs: Number(at(4)),
    encoding: at(5) === "" ? null : at(5),
    bytes: Buffer.isBuffer(bytes) ? bytes : null,
    hasStream: at(7) === "1",
  };
}

export function lastPollOf(outcome: string, status: string, failures: string): LastPoll {
  return {
    outcome: OUTCOMES.find((it) => it === outcome) ?? "",
    status: Number(status) || 0,
    failures: Number(failures) || 0,
  };
}

const OUTCOMES: readonly PollOutcome[] = [
  "ok",
  "origin-error",
  "unauthorized",
  "rate-limited",
  "too-large",
  "out-of-memory",
];

/** Whether the last poll brought something that the store does not have. */
export function isUnstored(outcome: PollOutcome): boolean {
  return outcome === "too-large" || outcome === "out-of-memory";
}

/** An age; negative ones are unknown. */
export function ageOf(value: string): number | null {
  return Number(value) < 0 ? null : Number(value);
}

/** Reads items of a reply as strings. A missing item is an empty string. */
export function listOf(reply: unknown): (index: number) => string {
  const items: readonly unknown[] = Array.isArray(reply) ? reply : [];
  return (index) => textOf(items[index]);
}

/** A string of a reply; empty if it is missing. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return Buffer.isBuffer(value) ? value.toString() : `${value}`;
}

/** The fields of a hash: ioredis gives an object or, by `callBuffer`, a list. */
export function fieldsOf(reply: unknown): ReadonlyMap<string, unknown> {
  const fields = new Map<string, unknown>();
  if (!Array.isArray(reply)) return new Map(Object.entries(Object(reply)));
  for (let i = 0; i < reply.length; i += 2) fields.set(textOf(reply[i]), reply[i + 1]);
  return fields;
}
