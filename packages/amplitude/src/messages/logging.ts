import { OptionError } from "@sortition/core";
import { type Diagnostics, requireMethods, type VendorAny } from "@sortition/core/internal";

/** How much is logged: everything up to a level. */
// biome-ignore lint/style/noEnum: the vendor's is one, and code uses its members as types and its names by number
export enum LogLevel {
  Disable = 0,
  Error = 1,
  Warn = 2,
  Info = 3,
  Debug = 4,
  Verbose = 5,
}

/** Where the vendor's SDK logs to. Further arguments are passed as one array, as it does. */
export interface LoggerProvider {
  /** Everything, for debugging the SDK. */
  verbose(message?: string, ...optionalParams: VendorAny[]): void;
  /** What the client does. */
  debug(message?: string, ...optionalParams: VendorAny[]): void;
  /** Normal operation. */
  info(message?: string, ...optionalParams: VendorAny[]): void;
  /** A problem that the client handles. */
  warn(message?: string, ...optionalParams: VendorAny[]): void;
  /** A call that failed. */
  error(message?: string, ...optionalParams: VendorAny[]): void;
}

/** A logger with level rules of its own. */
export interface Logger {
  /** What the client does. */
  debug(message: string, ...details: unknown[]): void;
  /** Normal operation. */
  info(message: string, ...details: unknown[]): void;
  /** A problem that the client handles. */
  warn(message: string, ...details: unknown[]): void;
  /** A call that failed. */
  error(message: string, ...details: unknown[]): void;
}

/** Options of logging, the same for all clients. */
export interface LoggingOptions {
  /** Logs up to `LogLevel.Debug`, whatever `logLevel` is. Default: false. */
  debug?: boolean | undefined;
  /** Default: `LogLevel.Error`. */
  logLevel?: LogLevel | undefined;
  /** Default: stderr. */
  loggerProvider?: LoggerProvider | undefined;
  /** A logger that decides about levels itself: `debug` and `logLevel` do not filter. Not together with `loggerProvider`. */
  logger?: Logger | undefined;
}

export const LOGGING_OPTION_NAMES: readonly (keyof LoggingOptions)[] = [
  "debug",
  "logLevel",
  "loggerProvider",
  "logger",
];

type Method = keyof LoggerProvider;

const LEVELS: Readonly<Record<Method, LogLevel>> = {
  error: LogLevel.Error,
  warn: LogLevel.Warn,
  info: LogLevel.Info,
  debug: LogLevel.Debug,
  verbose: LogLevel.Verbose,
};

/** What a client logs with. No method throws. */
export interface ClientLog
  extends Readonly<Record<Method, (message: string, ...details: unknown[]) => void>> {
  /** A mistake of the caller: a warning that the default level shows, since programs are written with it. */
  mistake(message: string): void;
}

/** Writes to stderr only: stdout belongs to the application. */
export const stderrLogger: LoggerProvider = {
  verbose: writeToStderr,
  debug: writeToStderr,
  info: writeToStderr,
  warn: writeToStderr,
  error: writeToStderr,
};

function writeToStderr(message?: string, ...details: unknown[]): void {
  console.error(message, ...details.flat(1));
}

/**
 * Creates the log of a client.
 *
 * @throws OptionError for a bad `logger`, or `logger` together with `loggerProvider`.
 */
export function createLog(options: LoggingOptions): ClientLog {
  const { debug, logLevel = LogLevel.Error, loggerProvider, logger } = options;
  // Nothing is verbose here, so that `console` may be given.
  const methods = ["debug", "info", "warn", "error"];
  requireMethods("logger", logger, methods);
  if (logger !== undefined && loggerProvider) {
    throw new OptionError("logger", "cannot be given together with loggerProvider");
  }
  const provider = loggerProvider as LoggerProvider | null | undefined; // as callers without types have it
  const hasMethods = methods.every((name) => typeof provider?.[name as Method] === "function");
  // As the vendor compares: a level that is not a number shows nothing.
  const shown = debug ? LogLevel.Debug : Number(logLevel);
  const target = provider && hasMethods ? provider : stderrLogger;
  const write = logger === undefined ? toProvider(target) : toLogger(logger);
  // Decided here: evaluations log, too, at a level that is hardly ever shown.
  const at = (method: Method, level: LogLevel = LEVELS[method]): ClientLog[Method] =>
    logger === undefined && !(level <= shown)
      ? writeNothing
      : (message, ...details) => {
          try {
            write(method, message, details);
          } catch {
            // A logger that throws must not fail the call that logs. There is nothing to report it to.
          }
        };
  const log: ClientLog = {
    error: at("error"),
    warn: at("warn"),
    info: at("info"),
    debug: at("debug"),
    verbose: at("verbose"),
    mistake: at("warn", LogLevel.Error),
  };
  if (provider && !hasMethods) log.mistake(`[Experiment] loggerProvider needs ${methods.join()}`);
  if (typeof logLevel !== "number" || !(logLevel in LogLevel)) {
    // Also if that shows nothing.
    const text = "[Experiment] logLevel is no member of LogLevel";
    createLog({ loggerProvider: target }).mistake(text);
  }
  return log;
}

function writeNothing(): void {}

/** Diagnostics of a native client that works for a drop-in. */
export function diagnosticsTo(log: ClientLog): Diagnostics {
  const at = (level: keyof Diagnostics) => (message: string) =>
    log[level](`[Experiment] ${message}`);
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

type Write = (method: Method, message: string, details: readonly unknown[]) => void;

function toProvider(provider: LoggerProvider): Write {
  return (method, message, details) => provider[method](message, details);
}

function toLogger(logger: Logger): Write {
  return (method, message, details) =>
    logger[method === "verbose" ? "debug" : method](message, ...details);
}
