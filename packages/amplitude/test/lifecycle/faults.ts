import type { LoggerProvider } from "../../src/index.js";

/** A recognizable key to search for in messages. */
export const API_KEY = "secret-key-5f3a";

/** A logger that keeps its lines, prefixed with the level. */
export function keepingLogger(): {
  readonly lines: string[];
  readonly loggerProvider: LoggerProvider;
} {
  const lines: string[] = [];
  const at = (level: string) => (message?: string, details?: unknown) => {
    lines.push(`${level} ${message} ${String(details)}`);
  };
  return { lines, loggerProvider: loggerOf(at) };
}

/** A logger that throws at each level. */
export function failingLogger(): LoggerProvider {
  return loggerOf(() => () => {
    throw new Error("no");
  });
}

function loggerOf(at: (level: string) => LoggerProvider["error"]): LoggerProvider {
  return {
    ...{ verbose: at("verbose"), debug: at("debug"), info: at("info") },
    ...{ warn: at("warn"), error: at("error") },
  };
}

/** Returns the error a promise rejects with, or an empty object if it resolves. */
export async function errorOf(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  return await promise.then(
    () => ({}),
    (error) => error,
  );
}
