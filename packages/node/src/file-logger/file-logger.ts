import {
  type AssignmentLogger,
  FileError,
  type LoggerDeadline,
  OptionError,
} from "@sortition/core";
import { integerOption, rejectUnknownOptions } from "@sortition/core/source";
import { type LineCounts, RotatingFile } from "./rotating-file.js";

/** Options of the loggers that write files. */
export interface FileLoggerOptions {
  /** Its name in results and counters. Default: `csv` or `ndjson`. */
  readonly name?: string;
  /** A file that would become larger is renamed, and a new one created. Default: 64 MiB. */
  readonly maxFileBytes?: number;
  /** Bound of the lines that wait to be written; further lines are dropped. Default: 8 MiB. */
  readonly maxBufferedBytes?: number;
  /** Called with each failure to write. What it throws is ignored. */
  readonly onError?: (error: FileError) => void;
}

/** Result of a flush of a file logger. */
export interface FileFlushResult {
  /** Whether everything was written in time. */
  readonly ok: boolean;
  readonly delivered: number;
  readonly failed: number;
  readonly dropped: number;
  readonly pending: number;
}

/** A logger that writes files. A client that is closed closes it too. */
export interface FileLogger extends AssignmentLogger {
  readonly name: string;
  readonly owned: true;
  logBanditAction: NonNullable<AssignmentLogger["logBanditAction"]>;
  /** Waits until all logged lines are written. Never rejects. */
  flush(deadline?: LoggerDeadline): Promise<FileFlushResult>;
  /** Flushes, and closes the files; lines logged afterwards are dropped. Never rejects. */
  close(deadline?: LoggerDeadline): Promise<FileFlushResult>;
  /** Counts of lines, over all files. */
  stats(): LineCounts;
}

const DEFAULT_MAX_FILE_BYTES = 64 * 1024 * 1024;
const DEFAULT_MAX_BUFFERED_BYTES = 8 * 1024 * 1024;
const BOUNDS = { min: 1, max: Number.MAX_SAFE_INTEGER };

/** Checks the options. Returns a function that creates a file with them. */
export function createFiles(
  path: string,
  options: FileLoggerOptions,
): (path: string, header: string | null) => RotatingFile {
  if (typeof path !== "string" || path === "") throw new OptionError("path", "expected a path");
  const names = ["name", "maxFileBytes", "maxBufferedBytes", "onError"];
  rejectUnknownOptions(options, names);
  const { onError } = options;
  if (onError !== undefined && typeof onError !== "function") {
    throw new OptionError("onError", "expected a function");
  }
  const integer = (name: "maxFileBytes" | "maxBufferedBytes", fallback: number): number =>
    integerOption(name, options[name], BOUNDS, fallback);
  const limits = {
    maxFileBytes: integer("maxFileBytes", DEFAULT_MAX_FILE_BYTES),
    maxBufferedBytes: integer("maxBufferedBytes", DEFAULT_MAX_BUFFERED_BYTES),
  };
  const report = (cause: unknown): void => {
    try {
      onError?.(new FileError("SORTITION_FILE", "events could not be written", cause));
    } catch {
      // The callback for errors has failed itself.
    }
  };
  return (path, header) => new RotatingFile({ path, header, ...limits, onError: report });
}

/** Members that do not depend on the format. */
export function finishing(
  name: string,
  files: readonly RotatingFile[],
): Pick<FileLogger, "name" | "owned" | "flush" | "close" | "stats"> {
  const stats = (): LineCounts =>
    files
      .map(({ counts }) => counts)
      .reduce((a, b) => ({
        accepted: a.accepted + b.accepted,
        delivered: a.delivered + b.delivered,
        failed: a.failed + b.failed,
        dropped: a.dropped + b.dropped,
        buffered: a.buffered + b.buffered,
      }));
  const finish = async (
    work: Promise<unknown>,
    deadline: LoggerDeadline | undefined,
  ): Promise<FileFlushResult> => {
    const before = stats();
    await withinDeadline(work, deadline);
    const after = stats();
    const failed = after.failed - before.failed;
    const pending = after.buffered;
    const delivered = after.delivered - before.delivered;
    return { ok: pending === 0 && failed === 0, delivered, failed, dropped: 0, pending };
  };
  return {
    name,
    owned: true,
    stats,
    flush: (deadline) => finish(Promise.all(files.map((file) => file.flush())), deadline),
    close: (deadline) => finish(Promise.all(files.map((file) => file.close())), deadline),
  };
}

async function withinDeadline(
  work: Promise<unknown>,
  deadline: LoggerDeadline | undefined,
): Promise<void> {
  if (deadline === undefined) {
    await work;
    return;
  }
  const { signal } = deadline;
  let expire = (): void => {};
  const expired = new Promise<void>((resolve) => {
    expire = resolve;
  });
  signal.addEventListener("abort", expire);
  if (signal.aborted) expire();
  try {
    await Promise.race([work, expired]);
  } finally {
    signal.removeEventListener("abort", expire);
  }
}
