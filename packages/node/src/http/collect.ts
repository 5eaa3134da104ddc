import type { Readable } from "node:stream";
import { ProtocolError, runAfterOthers } from "@sortition/core/internal";

/** Known properties of a body that is about to be received. */
export interface Expected {
  /** Length announced by the sender, 0 if unknown. A wrong number does no harm. */
  readonly announcedBytes: number;
  readonly maxBytes: number;
}

/** Bytes copied per turn of the event loop. Copying them takes about a tenth of a millisecond. */
const TURN_BYTES = 131_072;

/**
 * Concatenates the chunks of a stream, a few per turn of the event loop. Without the pauses,
 * Node.js would read up to two megabytes from a fast connection before it runs any other callback.
 *
 * @throws ProtocolError as soon as there are too many bytes, which destroys the stream; the error
 * of the stream if it fails.
 */
export async function collect(
  stream: Readable,
  { announcedBytes, maxBytes }: Expected,
): Promise<Uint8Array> {
  if (announcedBytes > maxBytes) throw tooLarge(maxBytes);
  const turns = new Turns();
  // Memory that is never written costs nothing, however much a server announces.
  const whole = Buffer.allocUnsafeSlow(Number.isSafeInteger(announcedBytes) ? announcedBytes : 0);
  const beyond: Uint8Array[] = [];
  let length = 0;
  // Uses events because an iterator gets a copy of everything in one piece after a pause.
  await new Promise<void>((resolve, reject) => {
    stream.once("end", resolve);
    stream.once("error", reject);
    stream.on("data", (chunk: Uint8Array) => {
      // Once a chunk did not fit, all later chunks must follow it.
      if (beyond.length === 0 && length + chunk.length <= whole.length) whole.set(chunk, length);
      else beyond.push(chunk);
      length += chunk.length;
      // Checked here, because a dispatcher given by the caller may have other limits, or none.
      if (length > maxBytes) stream.destroy(tooLarge(maxBytes));
      if (!turns.isOver(chunk)) return;
      stream.pause();
      void turns.next().then(() => stream.resume());
    });
  });
  if (length === whole.length) return whole;
  const within = length - beyond.reduce((size, chunk) => size + chunk.length, 0);
  return await concatenate([whole.subarray(0, within), ...beyond], length, turns);
}

/**
 * Like `Buffer.concat`, which would block the event loop for milliseconds if there are megabytes.
 */
async function concatenate(
  chunks: readonly Uint8Array[],
  length: number,
  turns: Turns,
): Promise<Uint8Array> {
  const whole = Buffer.allocUnsafeSlow(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
    if (turns.isOver(chunk)) await turns.next();
  }
  return whole;
}

/** Limits the bytes that are copied in one turn of the event loop. */
class Turns {
  #movedBytes = 0;

  /** Counts a copied chunk. Returns whether this turn has copied enough. */
  isOver(chunk: Uint8Array): boolean {
    this.#movedBytes += chunk.length;
    return this.#movedBytes >= TURN_BYTES;
  }

  /**
   * Waits for the next turn. Not implemented with a timer, which fires after a millisecond at the
   * earliest.
   */
  next(): Promise<void> {
    this.#movedBytes = 0;
    return new Promise((resolve) => void runAfterOthers(resolve));
  }
}

function tooLarge(maxBytes: number): ProtocolError {
  return new ProtocolError(`the body has more than ${maxBytes} bytes`, "SORTITION_BODY_TOO_LARGE");
}
