import { type FileHandle, mkdir, open, readdir, rename } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";

/** What became of the lines that a file was given: `accepted` is the sum of the rest. */
export interface LineCounts {
  readonly accepted: number;
  readonly delivered: number;
  /** Could not be written. */
  readonly failed: number;
  /** Came when the buffer was full, or the file closed. */
  readonly dropped: number;
  readonly buffered: number;
}

/** Where lines are written, and how much of them is kept in memory and in one file. */
export interface RotatingFileOptions {
  readonly path: string;
  /** First line of each file, `null` for none. */
  readonly header: string | null;
  readonly maxFileBytes: number;
  readonly maxBufferedBytes: number;
  readonly onError: (cause: unknown) => void;
}

interface Line {
  readonly text: string;
  readonly bytes: number;
}

/**
 * Appends lines to a file in the background. A file that is full is renamed (`x.csv` to `x.1.csv`,
 * `x.2.csv`, …, the oldest has the smallest number) and a new one begun; none is ever deleted. What is
 * buffered is written before the process ends by itself.
 */
export class RotatingFile {
  readonly #options: RotatingFileOptions;
  readonly #counts = { accepted: 0, delivered: 0, failed: 0, dropped: 0 };
  #lines: Line[] = [];
  #bufferedBytes = 0;
  /** Lines that are being written now. */
  #writing = 0;
  #work: Promise<void> | null = null;
  #file: FileHandle | null = null;
  #fileBytes = 0;
  #isClosed = false;

  constructor(options: RotatingFileOptions) {
    this.#options = options;
  }

  get counts(): LineCounts {
    return { ...this.#counts, buffered: this.#lines.length + this.#writing };
  }

  /** Takes a line, without its end. */
  append(text: string): void {
    const line = { text: `${text}\n`, bytes: Buffer.byteLength(text) + 1 };
    this.#counts.accepted += 1;
    if (this.#isClosed || this.#bufferedBytes + line.bytes > this.#options.maxBufferedBytes) {
      this.#counts.dropped += 1;
      return;
    }
    this.#lines.push(line);
    this.#bufferedBytes += line.bytes;
    this.#work ??= this.#writeAll();
  }

  /** Resolves when everything that was taken so far has been written, or could not be. */
  async flush(): Promise<void> {
    await this.#work;
  }

  /** Writes what is buffered, and closes the file. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#work;
    await this.#closeFile();
  }

  async #writeAll(): Promise<void> {
    // What comes in one turn is written at once.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    while (this.#lines.length > 0) {
      try {
        await this.#prepareFile(this.#lines[0]?.bytes ?? 0);
      } catch (cause) {
        await this.#closeFile();
        this.#fail(this.#takeLines(Number.POSITIVE_INFINITY), cause);
        continue;
      }
      await this.#write(this.#takeLines(this.#options.maxFileBytes - this.#fileBytes));
    }
    this.#work = null;
  }

  /** Takes lines out that fit, but always one: a line longer than a file has a file of its own. */
  #takeLines(maxBytes: number): readonly Line[] {
    let count = 0;
    let bytes = 0;
    for (const line of this.#lines) {
      if (count > 0 && bytes + line.bytes > maxBytes) break;
      count += 1;
      bytes += line.bytes;
    }
    this.#writing = count;
    return this.#lines.splice(0, count);
  }

  async #write(lines: readonly Line[]): Promise<void> {
    const file = this.#file;
    const before = this.#fileBytes;
    try {
      await file?.appendFile(lines.map(({ text }) => text).join(""));
      this.#settle(lines, "delivered");
      this.#fileBytes += lines.reduce((sum, { bytes }) => sum + bytes, 0);
    } catch (cause) {
      // Half a line would spoil the next one.
      await file?.truncate(before).catch(this.#options.onError);
      await this.#closeFile();
      this.#fail(lines, cause);
    }
  }

  #fail(lines: readonly Line[], cause: unknown): void {
    this.#settle(lines, "failed");
    this.#options.onError(cause);
  }

  #settle(lines: readonly Line[], state: "delivered" | "failed"): void {
    this.#counts[state] += lines.length;
    for (const { bytes } of lines) this.#bufferedBytes -= bytes;
    this.#writing = 0;
  }

  /** Opens the file, or begins a new one if it has no room. */
  async #prepareFile(lineBytes: number): Promise<void> {
    const { header, maxFileBytes, path } = this.#options;
    if (this.#file === null) await this.#openFile();
    const emptyBytes = header === null ? 0 : Buffer.byteLength(header) + 1;
    if (this.#fileBytes > emptyBytes && this.#fileBytes + lineBytes > maxFileBytes) {
      await this.#closeFile();
      await rename(path, await nextRotatedPath(path));
      await this.#openFile();
    }
  }

  async #openFile(): Promise<void> {
    const { header, path } = this.#options;
    await mkdir(dirname(path), { recursive: true });
    this.#file = await open(path, "a");
    this.#fileBytes = (await this.#file.stat()).size;
    if (this.#fileBytes > 0 || header === null) return;
    await this.#file.appendFile(`${header}\n`);
    this.#fileBytes = Buffer.byteLength(header) + 1;
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close().catch(this.#options.onError);
  }
}

/** The name of a full file: the number after the highest one that there is. */
async function nextRotatedPath(path: string): Promise<string> {
  const folder = dirname(path);
  const extension = extname(path);
  const stem = basename(path, extension);
  const numbers = (await readdir(folder))
    .filter((name) => name.startsWith(`${stem}.`) && name.endsWith(extension))
    .map((name) => name.slice(stem.length + 1, name.length - extension.length))
    .filter((number) => /^\d+$/.test(number))
    .map(Number);
  return join(folder, `${stem}.${Math.max(0, ...numbers) + 1}${extension}`);
}
