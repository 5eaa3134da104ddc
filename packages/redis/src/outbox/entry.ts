import type { LoggedEvent } from "@sortition/core/internal";
import { pairsOf } from "../codec/reply-lists.js";

/** An exposure, as stored in the stream. */
export interface StoredExposure {
  /** The event's message id. */
  readonly id: string;
  readonly kind: LoggedEvent["kind"];
  /** The event as JSON. */
  readonly event: string;
}

/** Approximate size of an exposure in a request to Redis, in bytes. */
export function sizeOf({ event, id }: StoredExposure): number {
  return Buffer.byteLength(event) + id.length + FRAME_BYTES;
}

const FRAME_BYTES = 50;

/** An entry that a consumer has received. */
export interface Entry {
  /** Id of the entry in the stream. */
  readonly entryId: string;
  /** Number of deliveries to consumers. */
  readonly deliveries: number;
  /** `null` if the entry was not written by this package. */
  readonly logged: LoggedEvent | null;
  /** Message id; empty if the entry was not written by this package. */
  readonly messageId: string;
}

/** Reads an entry from the reply of Redis, which alternates fields and values. */
export function entryOf(entryId: unknown, deliveries: unknown, fields: unknown): Entry {
  const values = pairsOf(fields);
  return {
    entryId: String(entryId),
    deliveries: Number(deliveries),
    logged: loggedOf(values.get("kind"), values.get("event")),
    messageId: values.get("id") ?? "",
  };
}

/** Reads an exposure from its JSON, or returns `null` if this package did not write it. */
export function loggedOf(kind: string | undefined, json: string | undefined): LoggedEvent | null {
  if (json === undefined || (kind !== "assignment" && kind !== "bandit")) return null;
  try {
    const event: unknown = JSON.parse(json);
    // This package wrote it from an event of this kind.
    return typeof event === "object" && event !== null ? ({ kind, event } as LoggedEvent) : null;
  } catch {
    return null;
  }
}
