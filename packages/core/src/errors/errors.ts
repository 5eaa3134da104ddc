import type { ErrorCode } from "./codes.js";

const CODE_PREFIX = "SORTITION_";

/** Base class of all errors of this library. `code` is stable, but messages may change. */
export abstract class SortitionError extends Error {
  abstract readonly code: ErrorCode;

  /** Whether `value` is an error from any copy of this library, for which `instanceof` may fail. */
  static is(value: unknown): value is SortitionError {
    try {
      const it = value as { readonly code: unknown };
      return typeof it.code === "string" && it.code.startsWith(CODE_PREFIX);
    } catch {
      return false; // it is null, or reading it throws
    }
  }
}

/** An option is unknown or has an invalid value. Thrown at construction. The message has a line for each problem. */
export class OptionError extends SortitionError {
  readonly code = "SORTITION_OPTION";
  override readonly name = "OptionError";
  /**
   * @param problem - the message without the option's name.
   * @param others - further problems of the same call.
   */
  constructor(
    readonly option: string,
    readonly problem: string,
    readonly others: readonly OptionError[] = [],
  ) {
    super([`${option}: ${problem}`, ...others.map(({ message }) => message)].join("\n"));
    // Otherwise Node prints their stacks for an uncaught error.
    Object.defineProperty(this, "others", { enumerable: false });
  }
}

/** `getInstance()` was called before `init()`. */
export class NoInstanceError extends SortitionError {
  readonly code = "SORTITION_NO_INSTANCE";
  override readonly name = "NoInstanceError";
  /** @param hint - what the cause may be in this process, as the end of the sentence. */
  constructor(hint = "") {
    super(
      `init() must be called before getInstance(): write \`await init({ apiKey, … })\` once, at the start of this process${hint}`,
    );
  }
}

/** `init` ended without a configuration, and `throwOnFailedInitialization` is set. */
export class NotReadyError extends SortitionError {
  readonly code = "SORTITION_NOT_READY";
  override readonly name = "NotReadyError";
  constructor(reason: string, cause: unknown) {
    super(`no configuration: ${reason}`, { cause });
  }
}

/** Why an evaluation failed. */
export type EvaluationErrorCode =
  | "SORTITION_INVALID_ARGUMENT"
  | "SORTITION_SUBJECT_KEY_MISSING"
  | "SORTITION_TYPE_MISMATCH"
  | "SORTITION_EVALUATION";

/** A flag could not be evaluated. In graceful mode, only details report it. */
export class EvaluationError extends SortitionError {
  override readonly name = "EvaluationError";
  constructor(
    readonly code: EvaluationErrorCode,
    readonly flagKey: string,
    message: string,
    options?: { readonly cause: unknown },
  ) {
    super(message, options);
  }
}

/** A payload does not have the expected shape. `path` is a JSON path into the payload. */
export class DecodeError extends SortitionError {
  readonly code = "SORTITION_DECODE";
  override readonly name = "DecodeError";
  /** The part or argument that `path` refers to. `null`: unknown. */
  readonly part: string | null;
  /** `false` if the content is not JSON at all. */
  readonly isJson: boolean;
  constructor(
    readonly path: string,
    readonly problem: string,
    options: {
      readonly cause?: unknown;
      readonly part?: string | null;
      readonly isJson?: boolean;
    } = {},
  ) {
    const { cause, isJson = true, part = null } = options;
    super(`${part === null ? "" : `${part}: `}${path}: ${problem}`, { cause });
    this.part = part;
    this.isJson = isJson;
  }
}

/** Whether `value` is a DecodeError from any copy of this library, because a dialect may use its own copy. */
export function isDecodeError(value: unknown): value is DecodeError {
  return SortitionError.is(value) && value.code === "SORTITION_DECODE";
}

/** The server returned an unexpected status. */
export class HttpStatusError extends SortitionError {
  override readonly name = "HttpStatusError";
  readonly code: "SORTITION_UNAUTHORIZED" | "SORTITION_HTTP_STATUS";
  constructor(
    readonly httpStatus: number,
    /** The delay from `Retry-After`, or `null` without a usable header. */
    readonly retryAfterMs: number | null,
    message = `the server answered with status ${httpStatus}`,
  ) {
    super(message);
    this.code =
      httpStatus === 401 || httpStatus === 403 ? "SORTITION_UNAUTHORIZED" : "SORTITION_HTTP_STATUS";
  }
}

/** Returns the status of an HttpStatusError from any copy of this library, or `null` for any other error. */
export function httpStatusOf(error: SortitionError): number | null {
  const { httpStatus } = error as Partial<HttpStatusError>;
  return typeof httpStatus === "number" ? httpStatus : null;
}

/** Facts about an error, for diagnostics. */
export type ErrorFacts = {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly httpStatus?: number;
};

export function errorFacts(error: SortitionError): ErrorFacts {
  const httpStatus = httpStatusOf(error);
  const { code, message: reason } = error;
  return httpStatus === null ? { code, reason } : { code, reason, httpStatus };
}

/** The server could not be reached, or the connection broke. `cause` has the system error code. */
export class NetworkError extends SortitionError {
  readonly code = "SORTITION_NETWORK";
  override readonly name = "NetworkError";
  constructor(message: string, cause: unknown) {
    super(message, { cause });
  }
}

/** Whether a time limit in milliseconds was probably meant in seconds. */
function areSeconds(timeoutMs: number): boolean {
  return Number.isInteger(timeoutMs) && timeoutMs > 0 && timeoutMs <= 10;
}

/** A deadline passed. */
export class TimeoutError extends SortitionError {
  readonly code = "SORTITION_TIMEOUT";
  override readonly name = "TimeoutError";
  constructor(
    readonly phase: "request" | "ready" | "flush" | "logger",
    readonly timeoutMs: number,
    /** A possible reason. */
    hint?: string,
  ) {
    const reason = areSeconds(timeoutMs)
      ? `it is in milliseconds: ${timeoutMs} s is ${timeoutMs}_000`
      : hint;
    super(`${phase} took longer than ${timeoutMs} ms${reason === undefined ? "" : `; ${reason}`}`);
  }
}

/** The server's response violates the protocol or is larger than allowed. */
export class ProtocolError extends SortitionError {
  override readonly name = "ProtocolError";
  constructor(
    message: string,
    readonly code: "SORTITION_PROTOCOL" | "SORTITION_BODY_TOO_LARGE" = "SORTITION_PROTOCOL",
  ) {
    super(message);
  }
}

/** A file could not be read or written. `cause` has the system error code. */
export class FileError extends SortitionError {
  override readonly name = "FileError";
  constructor(
    readonly code: "SORTITION_FILE" | "SORTITION_DISK_CACHE",
    message: string,
    cause: unknown,
  ) {
    super(message, { cause });
  }
}

/** A user's callback (logger, listener or deduplication store) failed. `cause` is what it threw. */
export class CallbackError extends SortitionError {
  override readonly name = "CallbackError";
  constructor(
    readonly code: "SORTITION_LOGGER" | "SORTITION_LISTENER" | "SORTITION_DEDUPLICATION",
    message: string,
    cause: unknown,
  ) {
    super(message, { cause });
  }
}

/** The client is closed. */
export class ClosedError extends SortitionError {
  readonly code = "SORTITION_CLOSED";
  override readonly name = "ClosedError";
  constructor() {
    super("the client is closed");
  }
}
