import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { Configuration, Dialect, Payload } from "@sortition/core";
import { loadReceived } from "@sortition/core/internal";

const decompress = promisify(gunzip);

/** A part of a configuration as received, compressed. What the vendor encrypted is still encrypted. */
export interface KeptPart extends Pick<Payload, "part" | "etag" | "fetchedAtMs"> {
  readonly isOptional: boolean;
  readonly gzipped: Uint8Array;
}

/** The parts of one configuration that was served. */
export interface KeptRevision {
  readonly revision: string;
  readonly parts: readonly KeptPart[];
}

/**
 * Compiles a kept revision, in slices that yield to the event loop.
 *
 * Rejects with a DecodeError if the dialect cannot read it, and with an error of zlib if it is damaged.
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
