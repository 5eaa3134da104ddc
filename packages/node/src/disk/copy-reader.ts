import type { Stats } from "node:fs";
import { constants, open } from "node:fs/promises";
import type { Digest } from "@sortition/core/internal";
import { type Copy, decodeCopy, unusable } from "./copy.js";

export interface CopyReadOptions {
  readonly dialect: string;
  /** Maximum age of a copy. `undefined`: any age. */
  readonly maxAgeMs: number | undefined;
  /** Wall clock, epoch ms. */
  readonly nowMs: number;
  readonly digest: Digest;
  readonly signal: AbortSignal;
}

const WRITABLE_BY_OTHERS = 0o022;

/**
 * Reads the copy of a configuration.
 *
 * @throws FileError if the copy is unusable, and errors of the operating system.
 * @see docs/spec/lifecycle.md §1.5
 */
export async function readCopy(path: string, options: CopyReadOptions): Promise<Copy> {
  const { digest, dialect, maxAgeMs, nowMs, signal } = options;
  // Opening a pipe would wait for its writer and could not be cancelled.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    refuseForeign(await handle.stat());
    const copy = await decodeCopy(await handle.readFile({ signal }), digest);
    if (copy.dialect !== dialect) throw unusable("it belongs to another dialect");
    if (maxAgeMs !== undefined && nowMs - copy.savedAtMs > maxAgeMs)
      throw unusable("it is too old");
    return copy;
  } finally {
    await handle.close();
  }
}

/** Rejects a file that other users could have written. Windows does not report an owner. */
function refuseForeign(stats: Stats): void {
  if (!stats.isFile()) throw unusable("it is not a regular file");
  const ownId = process.getuid?.();
  if (ownId === undefined) return;
  if (stats.uid !== ownId && stats.uid !== 0) throw unusable("it belongs to another user");
  if ((stats.mode & WRITABLE_BY_OTHERS) !== 0) throw unusable("other users may write to it");
}
