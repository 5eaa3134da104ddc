import type { Diagnostics, Facts } from "@sortition/node";

/** One reported message with its facts. */
export interface Report {
  readonly level: keyof Diagnostics;
  readonly message: string;
  readonly facts: Facts | undefined;
}

/** Diagnostics that record everything. */
export interface RecordedDiagnostics extends Diagnostics {
  readonly reports: readonly Report[];
  messages(level: keyof Diagnostics): readonly string[];
}

/** Creates diagnostics that record everything. */
export function recordDiagnostics(): RecordedDiagnostics {
  const reports: Report[] = [];
  const at = (level: keyof Diagnostics) => (message: string, facts?: Facts) =>
    void reports.push({ level, message, facts });
  return {
    reports,
    messages: (level) => reports.filter((it) => it.level === level).map(({ message }) => message),
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
  };
}
