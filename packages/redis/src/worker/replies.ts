import { decodeName } from "../codec/part-names.js";

const OUTCOMES = [
  "ok",
  "origin-error",
  "unauthorized",
  "rate-limited",
  "too-large",
  "out-of-memory",
] as const;

/** Outcome of the fleet's last poll. Empty if there was none. */
export type PollOutcome = (typeof OUTCOMES)[number] | "";

/** The fleet's last poll, as recorded in Redis. */
export interface LastPoll {
  readonly outcome: PollOutcome;
  /** HTTP status of the origin's response. 0: none. */
  readonly status: number;
  readonly failures: number;
}

/** Reply to a tick. All durations are measured by the clock of Redis. */
export interface Tick extends LastPoll {
  readonly isHeld: boolean;
  /** Lease number, if the lease is held. */
  readonly n: string;
  /** Whether the caller must poll now. */
  readonly mustPoll: boolean;
  /** Time until the gate that delays the next poll expires. Negative: there is none. */
  readonly gateMs: number;
  /** Time until the lease expires. Negative: there is none. */
  readonly leaseMs: number;
  /** 0: nothing is stored. */
  readonly revision: number;
  readonly sha: string;
  /** How long a poll has been overdue. Negative: not due yet; `null`: unknown. */
  readonly overdueMs: number | null;
  /** Time since the last successful poll. `null`: unknown. */
  readonly okAgeMs: number | null;
  readonly scope: string;
  /** The leading worker. Empty: none. */
  readonly leader: string;
  /** Time since the last poll ended. `null`: unknown. */
  readonly settledAgeMs: number | null;
  /** The last report of a damaged configuration, as `<revision>@<time>`. Empty: none. */
  readonly damage: string;
}

export interface StoredPart {
  readonly name: string;
  readonly hash: string;
  readonly etag: string | null;
  readonly fetchedAtMs: number;
  /** `null` if the reader already has the part, or the bytes are missing. */
  readonly encoding: string | null;
  readonly bytes: Buffer | null;
  /** Decoded size as stored by the publisher. `NaN`: not stored. */
  readonly sizeBytes: number;
  /** Whether the origin offered a stream of changes with this part. */
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

/** Returns the worker's name from its token, without the random bits that protect the lease. */
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

/** Whether the last poll fetched something that could not be stored. */
export function isUnstored(outcome: PollOutcome): boolean {
  return outcome === "too-large" || outcome === "out-of-memory";
}

/** Parses an age. Negative values mean unknown. */
export function ageOf(value: string): number | null {
  return Number(value) < 0 ? null : Number(value);
}

/** Returns a reader of a reply's items as strings. Missing items are empty strings. */
export function listOf(reply: unknown): (index: number) => string {
  const items: readonly unknown[] = Array.isArray(reply) ? reply : [];
  return (index) => textOf(items[index]);
}

/** Converts a value in a reply to a string, which is empty if the value is missing. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return Buffer.isBuffer(value) ? value.toString() : `${value}`;
}

/** Returns the fields of a hash. ioredis returns an object, or a list with `callBuffer`. */
export function fieldsOf(reply: unknown): ReadonlyMap<string, unknown> {
  const fields = new Map<string, unknown>();
  if (!Array.isArray(reply)) return new Map(Object.entries(Object(reply)));
  for (let i = 0; i < reply.length; i += 2) fields.set(textOf(reply[i]), reply[i + 1]);
  return fields;
}
