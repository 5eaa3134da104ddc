import { FileError } from "../errors.js";
import type { Output } from "../io.js";

/** Thrown if the reader of the results has closed its end of the pipe. */
export class ReaderGone extends Error {
  override readonly name = "ReaderGone";
}

/** Writes results with backpressure. */
export class ResultWriter {
  readonly #stream: Output;

  constructor(stream: Output) {
    this.#stream = stream;
    // Handled by the callback of each write. Without a listener, Node.js would throw.
    stream.on("error", () => {});
  }

  /** Resolves when the text is written. Rejects with a `ReaderGone` or a `FileError`. */
  write(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.write(text, (error) => {
        if (!error) return resolve();
        const problem = `cannot write results: ${error.message}`;
        reject(isReaderGone(error) ? new ReaderGone() : new FileError(problem));
      });
    });
  }
}

/**
 * Writes a whole result. A reader that closes its end early is not an error.
 *
 * @throws FileError
 */
export async function writeResult(stream: Output, text: string): Promise<void> {
  try {
    await new ResultWriter(stream).write(text);
  } catch (error) {
    if (!(error instanceof ReaderGone)) throw error;
  }
}

function isReaderGone(error: Error): boolean {
  const code = "code" in error ? error.code : null;
  return code === "EPIPE" || code === "ECONNRESET" || code === "ERR_STREAM_DESTROYED";
}
