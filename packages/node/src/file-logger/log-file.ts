import { dirname } from "node:path";
import {
  claimReceipt,
  type Ledger,
  type OutageReporter,
  type Receipt,
  TimeoutError,
} from "@sortition/core/internal";
import { callAtExit, dropExitCallback } from "../exit-callbacks.js";
import { lastLineOf, makeFolder, openForAppending } from "./open-file.js";

/** Why a line was not written: an error, a full buffer, or a closed file. */
export type LineDropReason = "failed" | "overflow" | "closed";

/** Options of a {@link LogFile}. */
export interface LogFileOptions {
  readonly path: string;
  /** First line of a file, or `null` for none. */
  readonly header: string | null;
  /** Returns the characters that close a line of which only the start was written. */
  readonly closeTorn: (line: string) => string;
  readonly maxBufferedBytes: number;
  /** Permissions of created files. */
  readonly fileMode: number;
  /**
   * Receives every failure, including failures to close the file, which lose no lines.
   */
  readonly onError: (cause: unknown) => Error;
  /** Notified of lost lines and of written lines. */
  readonly outages: OutageReporter;
  /** Resolves when another writer has closed the file. Background writes wait for it. */
  readonly former: Promise<void> | null;
  /** Counts the lines of all files of a logger. */
  readonly ledger: Ledger<LineDropReason>;
}

interface Line {
  /** Number in the ledger. */
  readonly number: number;
  readonly text: string;
  readonly bytes: number;
  readonly receipt: Receipt | null;
}

interface Batch {
  readonly lines: readonly Line[];
  readonly bytes: Buffer;
}

/** Loaded on demand, because most programs do not need it. */
const fs = (): typeof import("node:fs") => process.getBuiltinModule("node:fs");

/** Maximum number of lines to build at the end of a turn. One more builds them all immediately. */
const MAX_UNMADE = 10_000;

/** How long an exiting process waits for a background write. */
const MAX_EXIT_WAIT_MS = 500;

/** How long the file system, for example a network drive, may take to respond. */
const MAX_ANSWER_MS = 5_000;

/**
 * Appends lines to a file in the background. If another program moves, removes or truncates the
 * file, the next lines start a new one. Buffered lines are written synchronously when the process
 * exits.
 *
 * Files are opened synchronously: it happens rarely, and an exiting process never has to finish a
 * half-done step. Before that, a background check makes sure that the file system responds.
 */
export class LogFile {
  readonly #options: LogFileOptions;
  #lines: Line[] = [];
  /** Lines of this turn that are not built yet. They follow `#lines`. */
  #unmade: { readonly make: () => string; readonly receipt: Receipt | null }[] = [];
  #bufferedBytes = 0;
  #batch: Batch | null = null;
  /** Bytes of the batch that are already in the file. */
  #writtenBytes = 0;
  #work: Promise<void> | null = null;
  #descriptor: number | null = null;
  /** Identifies the open file. */
  #inode = 0;
  /** Length of the file before the batch. 0 for a pipe or a terminal, which have no length. */
  #fileBytes = 0;
  /** When the pending check of the file system started, or `null` if none is pending. */
  #askedAtMs: number | null = null;
  #isClosed = false;
  #isExiting = false;
  readonly #onExit = (): void => {
    this.makeLines();
    this.#isExiting = true;
    this.#finishBatch();
    this.#writeNow();
  };

  constructor(options: LogFileOptions) {
    this.#options = options;
  }

  /** Whether the last write failed. */
  get isFailing(): boolean {
    return this.#options.outages.isFailing;
  }

  /** Buffers a line, without its line ending. */
  append(text: string): void {
    const receipt = claimReceipt();
    this.makeLines();
    this.#add(text, receipt);
  }

  /** Reserves a place for a line that is built when the caller's turn is over. */
  appendLater(make: () => string): void {
    const count = this.#unmade.push({ make, receipt: claimReceipt() });
    // An exiting process has no later turn, and a closed file refuses the line. The limit bounds the memory of one turn.
    if (this.#isExiting || this.#isClosed || count > MAX_UNMADE) this.makeLines();
    else if (count === 1) {
      callAtExit(this.#onExit);
      void Promise.resolve().then(() => this.makeLines());
    }
  }

  /** Builds the lines of this turn. Call it before the ledger is read. */
  makeLines(): void {
    if (this.#unmade.length === 0) return;
    const unmade = this.#unmade;
    this.#unmade = [];
    for (const { make, receipt } of unmade) this.#add(make(), receipt);
  }

  #add(text: string, receipt: Receipt | null): void {
    const { ledger, maxBufferedBytes } = this.#options;
    const bytes = Buffer.byteLength(text) + 1;
    if (this.#isClosed || this.#bufferedBytes + bytes > maxBufferedBytes) {
      ledger.refuse(this.#isClosed ? "closed" : "overflow");
      receipt?.settle("dropped", !this.#isClosed && bytes > maxBufferedBytes);
      return;
    }
    this.#lines.push({ number: ledger.accept(), text: `${text}\n`, bytes, receipt });
    this.#bufferedBytes += bytes;
    if (this.#isExiting) {
      this.#writeNow();
      return;
    }
    callAtExit(this.#onExit);
    this.#work ??= this.#writeAll();
  }

  /** Resolves when all lines so far have been written or have failed. */
  async flush(): Promise<void> {
    this.makeLines();
    await this.#work;
  }

  /** Writes the buffered lines and closes the file. Idempotent. */
  async close(): Promise<void> {
    this.makeLines();
    this.#isClosed = true;
    await this.#work;
    dropExitCallback(this.#onExit);
    this.#closeFile();
  }

  async #writeAll(): Promise<void> {
    // Wait one turn, so that its lines are written together.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    await this.#options.former;
    while (this.#lines.length > 0) {
      if (!(await this.#isAnswered())) {
        this.#fail(this.#lines.splice(0), new TimeoutError("logger", MAX_ANSWER_MS));
        continue;
      }
      const batch = this.#takeBatch();
      if (batch !== null) await this.#write(batch);
    }
    this.#work = null;
  }

  /**
   * Checks in the background whether the file system responds, because a hanging one would block
   * the whole process in the synchronous calls that follow. Runs one check at a time, since each
   * check that hangs occupies a thread.
   */
  #isAnswered(): Promise<boolean> {
    if (this.#askedAtMs !== null) return Promise.resolve(false);
    this.#askedAtMs = performance.now();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, MAX_ANSWER_MS, false);
      timer.unref();
      // Any response will do, even "no such file".
      fs().stat(this.#options.path, () => {
        this.#askedAtMs = null;
        clearTimeout(timer);
        resolve(true);
      });
    });
  }

  #writeNow(): void {
    if (this.#isHanging) {
      this.#fail(this.#lines.splice(0), new TimeoutError("logger", MAX_EXIT_WAIT_MS));
      return;
    }
    const batch = this.#takeBatch();
    if (batch !== null) this.#writeBatchNow(batch, () => 0);
  }

  /**
   * Whether the file system has been silent for so long that an exiting process does not wait for
   * it.
   */
  get #isHanging(): boolean {
    return this.#askedAtMs !== null && performance.now() - this.#askedAtMs > MAX_EXIT_WAIT_MS;
  }

  /**
   * Finishes a background write. An exiting process receives no more callbacks, but the length of
   * the file shows how much was written.
   */
  #finishBatch(): void {
    const batch = this.#batch;
    if (batch !== null) {
      this.#writeBatchNow(batch, (descriptor) => this.#awaitBytes(descriptor, batch.bytes.length));
    }
  }

  /** @param writtenBytes - returns the number of bytes that are already in the file. */
  #writeBatchNow(batch: Batch, writtenBytes: (descriptor: number) => number): void {
    try {
      this.#writtenBytes = writtenBytes(this.#descriptor ?? -1);
      this.#writeSync(batch.bytes);
      this.#settle(batch);
    } catch (cause) {
      this.#giveUp(batch, cause);
    }
  }

  /** Blocks until the file has grown by `bytes`, for a limited time. Returns its actual growth. */
  #awaitBytes(descriptor: number, bytes: number): number {
    const isOver = performance.now() + MAX_EXIT_WAIT_MS;
    for (;;) {
      const stats = fs().fstatSync(descriptor);
      const writtenBytes = stats.size - this.#fileBytes;
      // A pipe or a terminal has no length.
      if (!stats.isFile() || writtenBytes >= bytes) return bytes;
      if (performance.now() >= isOver) return Math.max(0, writtenBytes);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }

  /** Opens the file and takes all lines from the buffer. Returns `null` if there are none. */
  #takeBatch(): Batch | null {
    const lines = this.#lines.splice(0);
    if (lines.length === 0) return null;
    try {
      this.#prepareFile();
    } catch (cause) {
      this.#closeFile();
      this.#fail(lines, cause);
      return null;
    }
    this.#batch = { lines, bytes: Buffer.from(lines.map(({ text }) => text).join("")) };
    this.#writtenBytes = 0;
    return this.#batch;
  }

  /** Writes in the background. Never rejects. */
  #write(batch: Batch): Promise<void> {
    const { bytes } = batch;
    return new Promise((resolve) => {
      const writeOn = (): void => {
        fs().write(this.#descriptor ?? -1, bytes, this.#writtenBytes, (error, written) => {
          if (error === null) {
            this.#writtenBytes += written;
            if (this.#writtenBytes < bytes.length) {
              writeOn();
              return;
            }
            this.#settle(batch);
          } else this.#giveUp(batch, error);
          resolve();
        });
      };
      writeOn();
    });
  }

  #writeSync(bytes: Uint8Array): void {
    while (this.#writtenBytes < bytes.length) {
      this.#writtenBytes += fs().writeSync(this.#descriptor ?? -1, bytes, this.#writtenBytes);
    }
  }

  /** A line that lacks only its line ending is complete, because the next one adds it. */
  #giveUp({ lines }: Batch, cause: unknown): void {
    this.#batch = null;
    this.#closeFile();
    let end = 0;
    const torn = lines.findIndex(({ bytes }) => {
      end += bytes;
      return end - 1 > this.#writtenBytes;
    });
    const count = torn < 0 ? lines.length : torn;
    this.#count(lines.slice(0, count), "delivered");
    this.#fail(lines.slice(count), cause);
  }

  #fail(lines: readonly Line[], cause: unknown): void {
    if (lines.length === 0) return;
    this.#count(lines, "failed");
    const { onError, outages } = this.#options;
    outages.failed(onError(cause));
  }

  #settle({ lines }: Batch): void {
    this.#batch = null;
    this.#count(lines, "delivered");
    this.#options.outages.succeeded();
  }

  #count(lines: readonly Line[], state: "delivered" | "failed"): void {
    const { ledger } = this.#options;
    for (const { bytes, number, receipt } of lines) {
      this.#bufferedBytes -= bytes;
      if (state === "delivered") ledger.deliver(number);
      else ledger.drop(number, state);
      receipt?.settle(state);
    }
  }

  /** Opens the file, also if another program has moved, removed or truncated the open one. */
  #prepareFile(): void {
    const bytes = this.#descriptor === null ? null : this.#bytesInPlace();
    if (bytes === null || bytes < this.#fileBytes) {
      this.#closeFile();
      this.#openFile();
    } else this.#fileBytes = bytes;
  }

  /** Returns the length of the open file, or `null` if the path does not lead to it any more. */
  #bytesInPlace(): number | null {
    try {
      const stats = fs().statSync(this.#options.path, { throwIfNoEntry: false });
      return stats?.ino === this.#inode ? stats.size : null;
    } catch {
      return this.#fileBytes; // The path cannot be inspected, but the open file still accepts lines.
    }
  }

  /** Adds the header to an empty file, and closes a last line that a process left unfinished. */
  #openFile(): void {
    const { closeTorn, fileMode, header, path } = this.#options;
    makeFolder(dirname(path));
    const descriptor = openForAppending(path, fileMode);
    this.#descriptor = descriptor;
    const { ino, size } = fs().fstatSync(descriptor);
    this.#inode = ino;
    const torn = lastLineOf(path, size);
    const start = size === 0 ? (header ?? "") : torn === "" ? "" : closeTorn(torn);
    this.#writtenBytes = 0;
    if (start !== "" || torn !== "") this.#writeSync(Buffer.from(`${start}\n`));
    this.#fileBytes = fs().fstatSync(descriptor).size;
  }

  #closeFile(): void {
    if (this.#descriptor === null) return;
    try {
      fs().closeSync(this.#descriptor);
    } catch (cause) {
      this.#options.onError(cause);
    }
    this.#descriptor = null;
  }
}
