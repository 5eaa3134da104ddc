import { OptionError } from "@sortition/core";
import { type Diagnostics, requireMethods, type VendorAny } from "@sortition/core/internal";

/** Log level. Everything up to the level is logged. */
// biome-ignore lint/style/noEnum: the vendor's is one, and code uses its members as types and its names by number
export enum LogLevel {
  Disable = 0,
  Error = 1,
  Warn = 2,
  Info = 3,
  Debug = 4,
  Verbose = 5,
}

/**
 * A logger in the format of the vendor's SDK. Further arguments are passed as a single array, as
 * that SDK does.
 */
export interface LoggerProvider {
  /** Everything, for debugging the SDK. */
  verbose(message?: string, ...optionalParams: VendorAny[]): void;
  /** Steps of the client. */
  debug(message?: string, ...optionalParams: VendorAny[]): void;
  /** Normal operation. */
  info(message?: string, ...optionalParams: VendorAny[]): void;
  /** A problem that the client handles. */
  warn(message?: string, ...optionalParams: VendorAny[]): void;
  /** A call that failed. */
  error(message?: string, ...optionalParams: VendorAny[]): void;
}

/** A logger that filters levels itself. */
export interface Logger {
  /** Steps of the client. */
  debug(message: string, ...details: unknown[]): void;
  /** Normal operation. */
  info(message: string, ...details: unknown[]): void;
  /** A problem that the client handles. */
  warn(message: string, ...details: unknown[]): void;
  /** A call that failed. */
  error(message: string, ...details: unknown[]): void;
}

/** Logging options of all clients. */
export interface LoggingOptions {
  /** Logs up to `LogLevel.Debug`, regardless of `logLevel`. Default: false. */
  debug?: boolean | undefined;
  /** Default: `LogLevel.Error`. */
  logLevel?: LogLevel | undefined;
  /** Default: stderr. */
  loggerProvider?: LoggerProvider | undefined;
  /**
   * A logger that filters levels itself, so `debug` and `logLevel` have no effect. Cannot be
   * combined with `loggerProvider`.
   */
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

/** The log of a client. No method throws. */
export interface ClientLog
  extends Readonly<Record<Method, (message: string, ...details: unknown[]) => void>> {
  /**
   * A caller's mistake: a warning that is shown at the default level, because that is what
   * developers use.
   */
  mistake(message: string): void;
}

/** Writes only to stderr, because stdout belongs to the application. */
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
 * @throws OptionError for an invalid `logger`, or if `logger` and `loggerProvider` are combined.
 */
export function createLog(options: LoggingOptions): ClientLog {
  const { debug, logLevel = LogLevel.Error, loggerProvider, logger } = options;
  // `verbose` is not required, so `console` can be passed.
  const methods = ["debug", "info", "warn", "error"];
  requireMethods("logger", logger, methods);
  if (logger !== undefined && loggerProvider) {
    throw new OptionError("logger", "cannot be given together with loggerProvider");
  }
  const provider = loggerProvider as LoggerProvider | null | undefined; // an untyped caller may pass null
  const hasMethods = methods.every((name) => typeof provider?.[name as Method] === "function");
  // Compares as the vendor does: a level that is not a number shows nothing.
  const shown = debug ? LogLevel.Debug : Number(logLevel);
  const target = provider && hasMethods ? provider : stderrLogger;
  const write = logger === undefined ? toProvider(target) : toLogger(logger);
  // Decided once, because evaluations also log, at a level that is rarely shown.
  const at = (method: Method, level: LogLevel = LEVELS[method]): ClientLog[Method] =>
    logger === undefined && !(level <= shown)
      ? writeNothing
      : (message, ...details) => {
          try {
            write(method, message, details);
          } catch {
            // A logger that throws must not fail the logging call, and there is nowhere left to
            // report it.
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
    // Logged even if the given level would show nothing.
    const text = "[Experiment] logLevel is not a member of LogLevel";
    createLog({ loggerProvider: target }).mistake(text);
  }
  return log;
}

function writeNothing(): void {}

/** Diagnostics of the native client inside a drop-in. */
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
