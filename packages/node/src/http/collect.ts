import type { Readable } from "node:stream";
import { ProtocolError } from "@sortition/core";

/** What is known of bytes before they come. */
export interface Expected {
  /** How many there should be, 0 if nobody knows. A wrong number does no harm. */
  readonly announcedBytes: number;
  /** How many there may be. */
  readonly maxBytes: number;
}

/** Bytes that are moved in one turn of the event loop, about a tenth of a millisecond. */
const TURN_BYTES = 131_072;

/**
 * Puts the chunks of a stream together, a few in each turn of the event loop. Left alone, Node reads up
 * to two megabytes from a fast connection before anybody else runs; it stops when a stream is paused.
 *
 * @throws ProtocolError as soon as there are too many bytes, which destroys the stream; whatever the
 * stream fails with.
 */
export async function collect(
  stream: Readable,
  { announcedBytes, maxBytes }: Expected,
): Promise<Uint8Array> {
  if (announcedBytes > maxBytes) throw tooLarge(maxBytes);
  const turns = new Turns();
  // Untouched memory costs nothing, however much a server announces.
  const whole = Buffer.allocUnsafeSlow(Number.isSafeInteger(announcedBytes) ? announcedBytes : 0);
  const beyond: Uint8Array[] = [];
  let length = 0;
  // By events: an iterator gets what came during a pause as a copy in one piece.
  await new Promise<void>((resolve, reject) => {
    stream.once("end", resolve);
    stream.once("error", reject);
    stream.on("data", (chunk: Uint8Array) => {
      // What follows a chunk that does not fit must stay behind it.
      if (beyond.length === 0 && length + chunk.length <= whole.length) whole.set(chunk, length);
      else beyond.push(chunk);
      length += chunk.length;
      // Counted here: a borrowed dispatcher has bounds of its own, or none.
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

/** What `Buffer.concat` does, which stalls the event loop for milliseconds if there are megabytes. */
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

/** Divides the moving of bytes into turns of the event loop. */
class Turns {
  #movedBytes = 0;

  /** Tells that a chunk was moved, and whether enough was for this turn. */
  isOver(chunk: Uint8Array): boolean {
    this.#movedBytes += chunk.length;
    return this.#movedBytes >= TURN_BYTES;
  }

  /** Waits for the next turn. Not by a timer: those fire a millisecond later at the earliest. */
  next(): Promise<void> {
    this.#movedBytes = 0;
    return new Promise((resolve) => void setImmediate(resolve));
  }
}

function tooLarge(maxBytes: number): ProtocolError {
  return new ProtocolError(`the body has more than ${maxBytes} bytes`, "SORTITION_BODY_TOO_LARGE");
}
