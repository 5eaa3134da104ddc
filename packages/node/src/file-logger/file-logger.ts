import {
  type AssignmentEvent,
  type AssignmentLogger,
  consoleDiagnostics,
  type Diagnostics,
  FileError,
  type LoggerDeadline,
  OptionError,
} from "@sortition/core";
// Not from the entry `logger`: all who import this package would load its file.
import {
  createClock,
  integerOption,
  limitDiagnostics,
  OutageReporter,
  rejectUnknownOptions,
  requireFunction,
  requireMethods,
  requireString,
} from "@sortition/core/source";
import { type LineCounts, RotatingFile } from "./rotating-file.js";

/** Options of the loggers that write files. */
export interface FileLoggerOptions {
  /** Its name in results and counters. Default: `csv` or `ndjson`. */
  readonly name?: string;
  /** A file that would become larger is renamed, and a new one created. Default: 64 MiB. */
  readonly maxFileBytes?: number;
  /** Bound of the lines that wait to be written; further lines are dropped. Default: 8 MiB. */
  readonly maxBufferedBytes?: number;
  /** Permissions of the files that it creates, as far as the process's umask allows. Default: `0o600`. */
  readonly fileMode?: number;
  /** Called with each failure to write. What it throws is ignored. */
  readonly onError?: (error: FileError) => void;
  /** Told once when lines cannot be written, and once when they can again. Default: stderr, from `warn` on. */
  readonly diagnostics?: Diagnostics;
}

/** Counts of lines, over all files of a logger. */
export interface FileLoggerStats extends LineCounts {
  /** Whether the last lines could not be written. */
  readonly failing: boolean;
}

/** Result of a flush of a file logger. It counts the lines since the flush before. */
export interface FileFlushResult {
  /** Whether everything was written, and in time. */
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
  stats(): FileLoggerStats;
}

/** A file, and whether writing to it fails. */
export interface LoggerFile {
  readonly file: RotatingFile;
  readonly outages: OutageReporter;
}

const DEFAULT_MAX_FILE_BYTES = 64 * 1024 * 1024;
const DEFAULT_MAX_BUFFERED_BYTES = 8 * 1024 * 1024;
const DEFAULT_FILE_MODE = 0o600;
const BOUNDS = { min: 1, max: Number.MAX_SAFE_INTEGER };

/** Checks the options. Returns a function that creates a file with them, and the members of the logger of files. */
export function createFiles(
  defaultName: string,
  path: string,
  options: FileLoggerOptions,
): {
  create(path: string, header: string | null): LoggerFile;
  finishing(files: readonly LoggerFile[]): Finishing;
} {
  if (typeof path !== "string" || path === "") throw new OptionError("path", "expected a path");
  const names = ["name", "maxFileBytes", "maxBufferedBytes", "fileMode", "onError", "diagnostics"];
  rejectUnknownOptions(options, names);
  requireFunction("onError", options.onError);
  const { diagnostics: given, name = defaultName } = options;
  requireString("name", name, "expected a non-empty string");
  requireMethods("diagnostics", given, ["debug", "info", "warn", "error"]);
  const clock = createClock();
  const diagnostics = limitDiagnostics(given ?? consoleDiagnostics(), clock);
  const integer = (name: "maxFileBytes" | "maxBufferedBytes", fallback: number): number =>
    integerOption(name, options[name], BOUNDS, fallback);
  const limits = {
    maxFileBytes: integer("maxFileBytes", DEFAULT_MAX_FILE_BYTES),
    maxBufferedBytes: integer("maxBufferedBytes", DEFAULT_MAX_BUFFERED_BYTES),
    fileMode: integerOption(
      "fileMode",
      options.fileMode,
      { min: 0, max: 0o777 },
      DEFAULT_FILE_MODE,
    ),
  };
  const onError = (cause: unknown): FileError => {
    const error = new FileError("SORTITION_FILE", "events could not be written", cause);
    try {
      options.onError?.(error);
    } catch {
      // The callback for errors has failed itself.
    }
    return error;
  };
  return {
    create(path, header) {
      const outages = new OutageReporter(name, clock, diagnostics);
      const onFailed = (cause: unknown): void => outages.failed(onError(cause));
      const onWritten = (): void => outages.succeeded();
      const file = new RotatingFile({ path, header, ...limits, onError, onFailed, onWritten });
      return { file, outages };
    },
    finishing: (files) => finishing(name, files),
  };
}

/** The members of a logger that appends a line for each assignment. */
export function assignmentLines(
  file: RotatingFile,
  lineOf: (event: AssignmentEvent) => string,
): Pick<FileLogger, "logAssignment" | "pending"> {
  const logAssignment = (event: AssignmentEvent): void => file.append(lineOf(event));
  return {
    logAssignment,
    pending: {
      insteadOf: logAssignment,
      log: (assignment) => file.appendLater(() => lineOf(assignment.event)),
    },
  };
}

/** Members that do not depend on the format. */
type Finishing = Pick<FileLogger, "name" | "owned" | "flush" | "close" | "stats">;

function finishing(name: string, files: readonly LoggerFile[]): Finishing {
  const stats = (): FileLoggerStats =>
    files
      .map(({ file, outages }) => ({ ...file.counts, failing: outages.isFailing }))
      .reduce((a, b) => ({
        accepted: a.accepted + b.accepted,
        delivered: a.delivered + b.delivered,
        failed: a.failed + b.failed,
        dropped: a.dropped + b.dropped,
        buffered: a.buffered + b.buffered,
        failing: a.failing || b.failing,
      }));
  // What was lost before a flush is in its result.
  let reported = stats();
  const finish = async (
    work: Promise<unknown>,
    deadline: LoggerDeadline | undefined,
  ): Promise<FileFlushResult> => {
    const before = reported;
    await withinDeadline(work, deadline);
    const after = stats();
    reported = after;
    const failed = after.failed - before.failed;
    const dropped = after.dropped - before.dropped;
    const pending = after.buffered;
    const delivered = after.delivered - before.delivered;
    return { ok: pending + failed + dropped === 0, delivered, failed, dropped, pending };
  };
  return {
    name,
    owned: true,
    stats,
    flush: (deadline) => finish(Promise.all(files.map(({ file }) => file.flush())), deadline),
    close: (deadline) => finish(Promise.all(files.map(({ file }) => file.close())), deadline),
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
