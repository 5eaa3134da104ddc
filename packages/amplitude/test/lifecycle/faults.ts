import type { LoggerProvider } from "../../src/index.js";

/** Searched for in messages. */
export const API_KEY = "secret-key-5f3a";

/** A logger that keeps its lines, level first. */
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

/** What a promise rejects with; empty if it resolves. */
export async function errorOf(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  return await promise.then(
    () => ({}),
    (error) => error,
  );
}
