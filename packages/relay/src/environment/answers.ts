import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Configuration, Payload, PayloadSet } from "@sortition/core";

const compress = promisify(gzip);

/** One part of a configuration, as a response that is ready to be sent. */
export interface Answer {
  /** As received from the vendor. */
  readonly bytes: Uint8Array;
  /** SHA-256 of {@link bytes}, 64 hexadecimal digits: the same in every replica. */
  readonly sha256: string;
  /** Compressed in zlib's thread pool; `null` if compression failed. Never rejects. */
  readonly gzipped: Promise<Uint8Array | null>;
  /** The vendor's own mark of this version, such as the time of a cohort's last change. */
  readonly vendorTag: string | null;
}

/** The answers of one configuration. All of them are replaced together. */
export interface AnswerSet {
  readonly revision: string;
  /** The payloads that the answers were created from. */
  readonly payloads: PayloadSet;
  readonly parts: ReadonlyMap<string, Answer>;
}

/** Creates the answers of a configuration. Parts whose bytes have not changed keep their answer. */
export function answersOf(
  { payloads, revision }: Pick<Configuration, "payloads" | "revision">,
  former: AnswerSet | null,
): AnswerSet {
  const parts = payloads.map((payload): [string, Answer] => {
    const known = former?.parts.get(payload.part);
    const isKnown = known?.bytes === payload.bytes && known.vendorTag === payload.etag;
    return [payload.part, isKnown ? known : answerOf(payload)];
  });
  return { revision, payloads, parts: new Map(parts) };
}

/** Creates the answer with these bytes. */
export function answerOf({ bytes, etag }: Pick<Payload, "bytes" | "etag">): Answer {
  return {
    bytes,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    gzipped: compress(bytes).catch(() => null),
    vendorTag: etag,
  };
}
