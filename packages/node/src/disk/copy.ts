import { type Digest, FileError, type Payload, type PayloadSet } from "@sortition/core/internal";

/** Content of a disk copy. */
export interface Copy {
  readonly dialect: string;
  /** When the origin confirmed the payloads; if that is unknown, when they were received. Wall clock, epoch ms. */
  readonly savedAtMs: number;
  readonly payloads: PayloadSet;
}

interface PartHeader {
  readonly name: string;
  readonly bytes: number;
  /** SHA-256 of the payload, in hex. */
  readonly sha256: string;
  readonly etag: string | null;
  /** When the payload was fetched, ISO 8601. */
  readonly fetchedAt: string;
  /** If absent, the part is required. */
  readonly optional?: boolean;
  /** If absent, the origin offered no stream of changes. */
  readonly stream?: boolean;
}

const FORMAT_VERSION = 1;
const NEWLINE = 0x0a;

/**
 * Encodes a copy as one line of JSON (the header), followed by the payloads as received.
 *
 * @see docs/spec/lifecycle.md §1.5
 */
export async function encodeCopy(copy: Copy, digest: Digest): Promise<readonly Uint8Array[]> {
  const parts = copy.payloads.map(
    async ({ part, bytes, etag, fetchedAtMs, hasStream, isOptional }): Promise<PartHeader> => ({
      name: part,
      bytes: bytes.length,
      sha256: hex(await digest(bytes)),
      etag,
      fetchedAt: new Date(fetchedAtMs).toISOString(),
      ...(isOptional === true ? { optional: true } : {}),
      ...(hasStream === true ? { stream: true } : {}),
    }),
  );
  const header = {
    sortition: FORMAT_VERSION,
    dialect: copy.dialect,
    savedAt: new Date(copy.savedAtMs).toISOString(),
    parts: await Promise.all(parts),
  };
  return [Buffer.from(`${JSON.stringify(header)}\n`), ...copy.payloads.map(({ bytes }) => bytes)];
}

/**
 * Decodes a copy, and verifies lengths and checksums.
 *
 * @throws FileError that describes the defect.
 */
export async function decodeCopy(file: Uint8Array, digest: Digest): Promise<Copy> {
  const headerEnd = file.indexOf(NEWLINE);
  if (headerEnd < 0) throw unusable("it has no header");
  const { dialect, savedAtMs, parts } = decodeHeader(file.subarray(0, headerEnd));
  const payloads: Payload[] = [];
  let offset = headerEnd + 1;
  for (const { name, bytes: length, sha256, etag, fetchedAt, optional, stream } of parts) {
    const bytes = file.subarray(offset, offset + length);
    offset += length;
    if (hex(await digest(bytes)) !== sha256) throw unusable("a checksum does not match");
    const fetchedAtMs = Date.parse(fetchedAt);
    const marks = {
      ...(optional === true ? { isOptional: true } : {}),
      ...(stream === true ? { hasStream: true } : {}),
    };
    payloads.push({ part: name, bytes, etag, fetchedAtMs, from: "disk", ...marks });
  }
  if (offset !== file.length) throw unusable("its length does not match");
  return { dialect, savedAtMs, payloads };
}

function decodeHeader(
  bytes: Uint8Array,
): Omit<Copy, "payloads"> & { readonly parts: readonly PartHeader[] } {
  const header = parseJson(bytes);
  if (!isObject(header) || header["sortition"] !== FORMAT_VERSION) {
    throw unusable("it has an unknown header");
  }
  const { dialect, savedAt, parts } = header;
  const savedAtMs = timeOf(savedAt);
  if (typeof dialect !== "string" || savedAtMs === null) throw unusable("its header is damaged");
  if (!Array.isArray(parts) || !parts.every(isPartHeader)) throw unusable("its header is damaged");
  return { dialect, savedAtMs, parts };
}

function isPartHeader(part: unknown): part is PartHeader {
  if (!isObject(part)) return false;
  const { name, bytes, sha256, etag, fetchedAt } = part;
  return (
    typeof name === "string" &&
    Number.isSafeInteger(bytes) &&
    Number(bytes) >= 0 &&
    typeof sha256 === "string" &&
    (etag === null || typeof etag === "string") &&
    timeOf(fetchedAt) !== null
  );
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function timeOf(value: unknown): number | null {
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** Returns the error for a copy that exists but is unusable. */
export function unusable(why: string): FileError {
  return new FileError("SORTITION_DISK_CACHE", why, null);
}
