import { createHash } from "node:crypto";
import { decodeBytes } from "../codec/stored-bytes.js";
import { FORMAT, type Publication } from "../worker/protocol.js";
import { Publishing } from "../worker/publication.js";
import type { Stored } from "../worker/replies.js";

/** Flag definitions as the vendor's client passes them. */
export interface FlagDefinitions {
  readonly flags: readonly unknown[];
}

/** Definitions in this process's memory. */
export interface HeldDefinitions<Data> {
  readonly data: Data;
  readonly hash: string;
  readonly bytes: Buffer;
  /** 0 if they are for this process only. */
  readonly revision: number;
  readonly fence: string;
  readonly receivedMs: number;
}

const PART = "definitions";

/** Converts definitions that the vendor's client has received. */
export function receivedDefinitions<Data>(data: Data, nowMs: number): HeldDefinitions<Data> {
  const bytes = Buffer.from(JSON.stringify(data));
  return { data, bytes, hash: hashOf(bytes), revision: 0, fence: "0", receivedMs: nowMs };
}

/** The hash of the definitions in memory, which Redis need not send again. */
export function heldHashes(held: HeldDefinitions<unknown> | null): ReadonlyMap<string, string> {
  return new Map(held === null ? [] : [[PART, held.hash]]);
}

/**
 * Decodes the stored definitions, and reuses the bytes in memory if they are the same. Returns
 * `null` if the definitions are damaged or in another format.
 */
export async function storedDefinitions<Data extends FlagDefinitions>(
  stored: Stored,
  held: HeldDefinitions<Data> | null,
  { nowMs, maxBytes }: { readonly nowMs: number; readonly maxBytes: number },
): Promise<HeldDefinitions<Data> | null> {
  const part = stored.parts.find(({ name }) => name === PART);
  if (stored.format !== FORMAT || part === undefined) return null;
  const { revision, fence, okAgeMs } = stored;
  const facts = { revision, fence, receivedMs: nowMs - (okAgeMs ?? 0) };
  if (held?.hash === part.hash) return { ...held, ...facts };
  if (part.bytes === null || part.encoding === null) return null;
  const decoded = await decodeBytes(part.encoding, part.bytes, maxBytes);
  if (decoded === null || hashOf(decoded) !== part.hash) return null;
  const bytes = Buffer.from(decoded);
  const data = dataOf<Data>(bytes);
  return data === null ? null : { ...facts, data, bytes, hash: part.hash };
}

/** Creates the fields of a publish of the definitions. */
export function publicationOf(
  { bytes, hash }: HeldDefinitions<unknown>,
  limits: { readonly nowMs: number; readonly compressFromBytes: number },
): Promise<Publication> {
  const payload = {
    part: PART,
    bytes,
    etag: null,
    fetchedAtMs: limits.nowMs,
    from: "network",
  } as const;
  const hashes = new Map([[PART, hash]]);
  const { compressFromBytes } = limits;
  return new Publishing(
    { payloads: [payload], hashes, sha: hash },
    { stored: [payload], omitted: new Map() },
    { scope: "", dialect: "flag-definitions", compressFromBytes },
  ).give([PART]);
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function dataOf<Data extends FlagDefinitions>(bytes: Buffer): Data | null {
  try {
    const data = JSON.parse(bytes.toString()) as Data | null;
    return Array.isArray(data?.flags) ? data : null;
  } catch {
    return null;
  }
}
