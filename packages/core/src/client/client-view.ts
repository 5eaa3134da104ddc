import type { Configuration } from "../model/configuration.js";
import type { ClientStatus } from "./lifecycle/status.js";

/** Returns what `console.log(client)` prints. It contains no key, no address and nothing about a subject. */
export function clientView(status: ClientStatus, configuration: Configuration | null): object {
  const { ageMs, counters, dialect, lastError, revision, source, state } = status;
  const loggers = Object.entries(counters.exposures.loggers).map(([name, it]) => {
    const { accepted, delivered, dropped, failed, pending } = it.totals;
    return [name, { accepted, delivered, lost: failed + dropped, pending }] as const;
  });
  return {
    state,
    dialect,
    flags: configuration?.flagKeys.size ?? 0,
    source,
    ageMs,
    revision,
    loggers: Object.fromEntries(loggers),
    ...(lastError === null ? {} : { lastError: lastError.message }),
  };
}
