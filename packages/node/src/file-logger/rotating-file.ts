import { basename, dirname, extname, join } from "node:path";
import {
  claimReceipt,
  type Ledger,
  type OutageReporter,
  type Receipt,
  TimeoutError,
} from "@sortition/core/internal";
import { callAtExit, dropExitCallback } from "../exit-callbacks.js";
import { makeFolder, openForAppending } from "./open-file.js";

/** Why a line was not written: an error, a full buffer, or a closed file. */
export type LineDropReason = "failed" | "overflow" | "closed";

/** Options of a {@link RotatingFile}. */
export interface RotatingFileOptions {
  readonly path: string;
  /** First line of each file, or `null` for none. */
  readonly header: string | null;
  readonly maxFileBytes: number;
  readonly maxBufferedBytes: number;
  /** Permissions of created files. */
  readonly fileMode: number;
  /**
   * Receives every failure, including failures to truncate or close the file, which lose no lines.
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
 * Appends lines to a file in the background. A full file is renamed (`x.csv` to `x.1.csv`,
 * `x.2.csv`, …; the oldest has the lowest number) and a new one is created. Files are never
 * deleted. Buffered lines are written synchronously when the process exits.
 *
 * Files are opened and renamed synchronously: it happens rarely, and an exiting process never has
 * to finish a half-done step. Before that, a background check makes sure that the file system
 * responds.
 */
export class RotatingFile {
  readonly #options: RotatingFileOptions;
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

  constructor(options: RotatingFileOptions) {
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
    for (;;) {
      const batch = this.#takeBatch();
      if (batch === null) return;
      try {
        this.#writeSync(batch.bytes);
        this.#settle(batch);
      } catch (cause) {
        this.#giveUp(batch, cause);
      }
    }
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
    if (batch === null || this.#descriptor === null) return;
    try {
      this.#writtenBytes = this.#awaitBytes(this.#descriptor, batch.bytes.length);
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

  /**
   * Opens the file and takes the lines that fit into it from the buffer. Returns `null` if there
   * are none.
   */
  #takeBatch(): Batch | null {
    while (this.#lines.length > 0) {
      try {
        this.#prepareFile(this.#lines[0]?.bytes ?? 0);
      } catch (cause) {
        this.#closeFile();
        const lines = this.#lines.splice(0);
        this.#fail(lines, cause);
        continue;
      }
      const lines = this.#takeLines(this.#options.maxFileBytes - this.#fileBytes);
      this.#batch = { lines, bytes: Buffer.from(lines.map(({ text }) => text).join("")) };
      this.#writtenBytes = 0;
      return this.#batch;
    }
    return null;
  }

  /** Returns at least one line: a line that exceeds the limit gets a file to itself. */
  #takeLines(maxBytes: number): readonly Line[] {
    let count = 0;
    let bytes = 0;
    for (const line of this.#lines) {
      if (count > 0 && bytes + line.bytes > maxBytes) break;
      count += 1;
      bytes += line.bytes;
    }
    return this.#lines.splice(0, count);
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

  #giveUp({ lines }: Batch, cause: unknown): void {
    this.#batch = null;
    try {
      // Part of a line would damage the next one. Remove only the bytes written last, because
      // another process may have written the rest.
      if (this.#descriptor !== null) {
        const { size } = fs().fstatSync(this.#descriptor);
        fs().ftruncateSync(this.#descriptor, Math.max(0, size - this.#writtenBytes));
      }
    } catch (truncateCause) {
      this.#options.onError(truncateCause);
    }
    this.#closeFile();
    this.#fail(lines, cause);
  }

  #fail(lines: readonly Line[], cause: unknown): void {
    if (lines.length === 0) return;
    this.#count(lines, "failed");
    const { onError, outages } = this.#options;
    outages.failed(onError(cause));
  }

  #settle({ lines, bytes }: Batch): void {
    this.#batch = null;
    this.#fileBytes += bytes.length;
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

  /** Opens the file, or creates a new one if the line does not fit. */
  #prepareFile(lineBytes: number): void {
    const { header, maxFileBytes, path } = this.#options;
    if (!this.#isInPlace()) this.#closeFile();
    if (this.#descriptor === null) this.#openFile();
    const emptyBytes = header === null ? 0 : Buffer.byteLength(header) + 1;
    if (this.#fileBytes > emptyBytes && this.#fileBytes + lineBytes > maxFileBytes) {
      this.#closeFile();
      fs().renameSync(path, nextRotatedPath(path));
      this.#openFile();
    }
  }

  /**
   * Whether the path still leads to the open file. If another program has moved or removed it,
   * further lines would be lost.
   */
  #isInPlace(): boolean {
    try {
      return fs().statSync(this.#options.path, { throwIfNoEntry: false })?.ino === this.#inode;
    } catch {
      return true; // The path cannot be inspected, but the open file still accepts lines.
    }
  }

  #openFile(): void {
    const { fileMode, header, path } = this.#options;
    makeFolder(dirname(path));
    this.#descriptor = openForAppending(path, fileMode);
    const { ino, size } = fs().fstatSync(this.#descriptor);
    this.#inode = ino;
    this.#fileBytes = size;
    if (this.#fileBytes > 0 || header === null) return;
    const line = Buffer.from(`${header}\n`);
    this.#writtenBytes = 0;
    this.#writeSync(line);
    this.#fileBytes = line.length;
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

/** Returns the name for a full file, with the number after the highest existing one. */
function nextRotatedPath(path: string): string {
  const folder = dirname(path);
  const extension = extname(path);
  const stem = basename(path, extension);
  const numbers = fs()
    .readdirSync(folder)
    .filter((name) => name.startsWith(`${stem}.`) && name.endsWith(extension))
    .map((name) => name.slice(stem.length + 1, name.length - extension.length))
    .filter((number) => /^\d+$/.test(number))
    .map(Number);
  return join(folder, `${stem}.${Math.max(0, ...numbers) + 1}${extension}`);
}
