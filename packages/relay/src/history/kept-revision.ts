import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { Configuration, Dialect, Payload } from "@sortition/core";
import { loadReceived } from "@sortition/core/internal";
import type { AnswerSet } from "../environment/answers.js";

const decompress = promisify(gunzip);

/** A part of a configuration as received, compressed. What the vendor encrypted is still encrypted. */
interface KeptPart extends Pick<Payload, "part" | "etag" | "fetchedAtMs"> {
  readonly isOptional: boolean;
  readonly gzipped: Uint8Array;
}

/** The parts of one configuration that was served. */
export interface KeptRevision {
  readonly revision: string;
  readonly parts: readonly KeptPart[];
}

/** Returns what is served, compressed. Rejects if a part could not be compressed. */
export async function keptRevision({
  parts,
  payloads,
  revision,
}: AnswerSet): Promise<KeptRevision> {
  const kept = payloads.map(
    async ({ etag, fetchedAtMs, isOptional = false, part }): Promise<KeptPart> => {
      const gzipped = await parts.get(part)?.gzipped;
      if (!gzipped) throw new Error(`the part ${part} could not be compressed`);
      return { part, etag, fetchedAtMs, isOptional, gzipped };
    },
  );
  return { revision, parts: await Promise.all(kept) };
}

/**
 * Compiles a kept revision, in slices that yield to the event loop.
 *
 * Rejects with a DecodeError if the dialect cannot read it.
 */
export async function loadKept(
  { parts }: KeptRevision,
  dialect: Dialect<object>,
): Promise<Configuration> {
  const payloads = await Promise.all(
    parts.map(async ({ gzipped, ...part }): Promise<Payload> => {
      return { ...part, bytes: await decompress(gzipped), from: "disk" };
    }),
  );
  return await loadReceived({ dialect, payloads, optionOf: (part) => part });
}
