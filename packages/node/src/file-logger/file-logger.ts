import { resolve } from "node:path";
import {
  type AssignmentEvent,
  type AssignmentLogger,
  type BanditEvent,
  consoleDiagnostics,
  type Diagnostics,
  FileError,
  type LoggerDeadline,
  OptionError,
  TimeoutError,
} from "@sortition/core";
// Not imported from the `logger` entry, because every program that imports this package would load
// it.
import {
  Counts,
  callback,
  createClock,
  explainedOn,
  type FlushCounts,
  integer,
  Ledger,
  limitDiagnostics,
  markRelease,
  OutageReporter,
  type Readers,
  readDiagnostics,
  readOptions,
  string,
} from "@sortition/core/internal";
import { systemCodeOf } from "../http/system-code.js";
import { processWide } from "../process-wide.js";
import { untilAborted } from "../source/until-aborted.js";
import { RELEASE } from "../version.js";
import { type LineDropReason, LogFile } from "./log-file.js";

/** Options of the loggers that write to files. */
export interface FileLoggerOptions {
  /** The logger's name in results and counters. Default: `csv` or `ndjson`. */
  readonly name?: string | undefined;
  /**
   * Maximum size of the lines that wait to be written. Further lines are dropped. Default: 8 MiB.
   */
  readonly maxBufferedBytes?: number | undefined;
  /** Permissions of created files, limited by the process's umask. Default: `0o600`. */
  readonly fileMode?: number | undefined;
  /** Called for each failed write. Errors that it throws are ignored. */
  readonly onError?: ((error: FileError) => void) | undefined;
  /**
   * Notified once when lines cannot be written, and once when writing works again. Default: stderr,
   * from `warn` on.
   */
  readonly diagnostics?: Diagnostics | undefined;
}

/** Line counts of all files of a logger. `accepted` is the sum of the others. */
export interface FileLoggerStats {
  readonly accepted: number;
  readonly delivered: number;
  /** Not written, because of an error. */
  readonly failed: number;
  /** Refused, because the buffer was full or the file was closed. */
  readonly dropped: number;
  readonly buffered: number;
  /** Whether the last write failed. */
  readonly failing: boolean;
}

/** Result of a flush of a file logger. Counts the lines that waited when it started. */
export interface FileFlushResult extends FlushCounts {
  /** Whether all lines were written in time, and the last write has not failed. */
  readonly ok: boolean;
}

/** A logger that writes to files. Closing a client closes its logger too. */
export interface FileLogger extends AssignmentLogger {
  readonly name: string;
  readonly owned: true;
  logBanditAction: NonNullable<AssignmentLogger["logBanditAction"]>;
  /** Waits until all logged lines are written. Never rejects. */
  flush(deadline?: LoggerDeadline): Promise<FileFlushResult>;
  /** Flushes and closes the files. Lines logged afterwards are dropped. Never rejects. */
  close(deadline?: LoggerDeadline): Promise<FileFlushResult>;
  stats(): FileLoggerStats;
}

/** How one kind of event is written. */
export interface Lines<Event> {
  /** First line of a file, or `null` for none. */
  readonly header: string | null;
  lineOf(event: Event): string;
  /** Returns the characters that close a line of which only the start was written. */
  closeTorn(line: string): string;
}

/** Format of the files of a logger. */
export interface FileFormat {
  /** Name of the logger, unless its options give one. */
  readonly name: string;
  readonly assignments: Lines<AssignmentEvent>;
  readonly bandits: Lines<BanditEvent>;
  /** Returns the file for bandit actions, given the file for assignments. They may be the same. */
  banditPathOf(path: string): string;
}

function readMode(path: string, value: unknown): number {
  const [, digits] = /^(?:0o?)?([67][0-7]{2})$/.exec(`${value}`) ?? [];
  if (digits !== undefined) {
    throw new OptionError(path, `expected an octal number, got ${value}: write 0o${digits}`);
  }
  return integer(0, 0o777, 0o600)(path, value);
}

const READERS = () =>
  ({
    name: string(undefined),
    maxBufferedBytes: integer(1, Number.MAX_SAFE_INTEGER, 8 * 1024 * 1024),
    fileMode: readMode,
    onError: callback<FileLoggerOptions["onError"]>(),
    diagnostics: readDiagnostics,
  }) satisfies Readers<FileLoggerOptions>;

/**
 * Creates a logger that appends one line per event.
 *
 * @param former - resolves when the logger that this one replaces has closed the same files. Lines
 * wait until then.
 * @throws OptionError if an option is unknown or invalid.
 */
export function createFileLogger(
  path: string,
  options: FileLoggerOptions,
  { assignments, banditPathOf, bandits, name: defaultName }: FileFormat,
  former: Promise<void> | null = null,
): FileLogger {
  if (typeof path !== "string" || path === "") {
    const call = `${defaultName}Logger("exposures.${defaultName}")`;
    throw new OptionError("path", `expected a path: write ${call}`);
  }
  const {
    diagnostics: given,
    name = defaultName,
    onError,
    ...limits
  } = readOptions(READERS(), options, undefined, explainedOn("/guides/logging-exposures.md"));
  const clock = createClock();
  const diagnostics = limitDiagnostics(given ?? consoleDiagnostics(), clock);
  const banditPath = banditPathOf(path);
  const taken = takePaths([path, banditPath], (shared) => {
    if (former !== null) return;
    const message =
      "two loggers write to the same file, and lines may be lost when the process exits: give each its own path, or share one logger between both clients";
    diagnostics.warn(message, { cause: "shared file", path: shared });
  });
  const onErrorOf =
    (path: string) =>
    (cause: unknown): FileError => {
      const error = new FileError("SORTITION_FILE", messageAbout(path, cause), cause);
      try {
        onError?.(error);
      } catch {
        // The error callback itself has failed.
      }
      return error;
    };
  const counts = new Counts<LineDropReason>(["failed", "overflow", "closed"]);
  const ledger = new Ledger(counts, (reason) => reason === "failed");
  const create = (path: string, { closeTorn, header }: Lines<never>): LogFile => {
    const outages = new OutageReporter(name, clock, diagnostics);
    const onError = onErrorOf(path);
    return new LogFile({ path, header, closeTorn, ...limits, onError, outages, ledger, former });
  };
  const file = create(path, assignments);
  const banditFile = banditPath === path ? file : create(banditPath, bandits);
  const logAssignment = (event: AssignmentEvent): void => file.append(assignments.lineOf(event));
  const logger: FileLogger = {
    ...finishing(name, [...new Set([file, banditFile])], ledger, taken),
    logAssignment,
    pending: {
      insteadOf: logAssignment,
      log: (assignment) => file.appendLater(() => assignments.lineOf(assignment.event)),
    },
    logBanditAction: (event) => banditFile.append(bandits.lineOf(event)),
  };
  return markRelease(logger, RELEASE);
}

/** Number of open loggers of the process by absolute file path. */
const allWriters = (): Map<string, number> => processWide(RELEASE, () => new Map(), " files");

/**
 * Registers the files of a logger.
 *
 * @param onShared - called with a path that another logger uses.
 * @returns a function that unregisters them.
 */
function takePaths(paths: readonly string[], onShared: (path: string) => void): () => void {
  const files = new Set(paths.map((path) => resolve(path)));
  const writers = allWriters();
  const shared = [...files].find((file) => (writers.get(file) ?? 0) > 0);
  if (shared !== undefined) onShared(shared);
  for (const file of files) writers.set(file, (writers.get(file) ?? 0) + 1);
  return () => {
    for (const file of files) {
      const left = (writers.get(file) ?? 1) - 1;
      if (left > 0) writers.set(file, left);
      else writers.delete(file);
    }
    files.clear();
  };
}

/** What to check, by the system's code. */
const ADVICE: Readonly<Record<string, string>> = {
  EISDIR: ": it is a folder, write the path of a file in it",
  ENOENT: ": is the path right?",
  ENOTDIR: ": is the path right?",
  EACCES: ": can this process write there?",
};

/** Contains the absolute path, because a relative one depends on the working directory. */
function messageAbout(path: string, cause: unknown): string {
  const why = cause instanceof TimeoutError ? "no response in time" : systemCodeOf(cause);
  const suffix = why === null ? "" : ` (${why})`;
  const advice = ADVICE[why ?? ""] ?? "";
  return `events could not be written to ${resolve(path)}${suffix}${advice}`;
}

/** Returns the members that do not depend on the format. */
function finishing(
  name: string,
  files: readonly LogFile[],
  ledger: Ledger<LineDropReason>,
  release: () => void,
): Pick<FileLogger, "name" | "owned" | "flush" | "close" | "stats"> {
  const isFailing = (): boolean => files.some((file) => file.isFailing);
  const finishBy = (method: "flush" | "close") => async (deadline?: LoggerDeadline) => {
    const work = Promise.all(files.map((file) => file[method]()));
    const window = ledger.open();
    if (deadline === undefined) await work;
    else await untilAborted<unknown>(work, deadline.signal, () => null);
    const { counts } = window;
    window.close();
    const isComplete = counts.failed + counts.dropped + counts.pending === 0;
    return { ok: isComplete && !isFailing(), ...counts };
  };
  const close = finishBy("close");
  return {
    name,
    owned: true,
    stats() {
      for (const file of files) file.makeLines();
      const { accepted, delivered, failed, lost, waiting } = ledger.counts;
      const [dropped, failing] = [lost - failed, isFailing()];
      return { accepted, delivered, failed, dropped, buffered: waiting, failing };
    },
    flush: finishBy("flush"),
    close: (deadline) => close(deadline).finally(release),
  };
}
