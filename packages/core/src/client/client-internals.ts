import type { ExposureOutcome } from "../events/exposure-outcome.js";
import type { ExposureCounters } from "../events/exposures.js";
import type { Loggers } from "../events/loggers.js";
import type { PlainExposure } from "../events/plain-exposure.js";
import type { Override } from "../model/override.js";
import type { Clock } from "../runtime/clock.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import type { Client } from "./client.js";
import { type ClientEnding, type ClientParts, CoreClient } from "./core-client.js";
import type { WebCounters } from "./lifecycle/web-counters.js";
import { partsOf } from "./mark.js";
import { readValueOverrides } from "./overrides.js";

function knownParts<Details extends object>(client: Client<Details>): ClientParts<Details> {
  const parts = partsOf<Details>(client);
  if (parts === null) throw new TypeError("expected a client that createClient created");
  return parts;
}

/** Returns a copy with its own settings, see `ownSettings`. */
export function withOwnSettings<Details extends object, Extras>(
  client: Client<Details, Extras>,
  loggers?: Loggers | null,
  ending?: ClientEnding,
): Client<Details, Extras> {
  const parts = knownParts(client as Client<Details>);
  const exposures = parts.exposures.copy(loggers);
  const { mode } = parts.evaluator.calls;
  const evaluator = parts.evaluator.with({ exposures, mode: { ...mode } });
  return new CoreClient({ ...parts, exposures, evaluator, ending: ending ?? parts.ending });
}

/**
 * Returns a copy that returns the values of these overrides from any getter, as vendors' SDKs do. They replace the
 * client's own.
 *
 * @throws OptionError if an override is not `{ key, value }`.
 */
export function withUncheckedOverrides<Details extends object, Extras>(
  client: Client<Details, Extras>,
  overrides: Readonly<Record<string, Override>>,
): Client<Details, Extras> {
  const parts = knownParts(client as Client<Details>);
  const unchecked = readValueOverrides(overrides);
  const evaluator = parts.evaluator.with({ checksOverrides: false }, unchecked);
  return new CoreClient({ ...parts, evaluator });
}

/** Same as `status.counters.exposures`, but cheaper. */
export function exposureCounters(client: Client<object>): ExposureCounters {
  return knownParts(client).exposures.counters;
}

/**
 * Logs an exposure of `readWithExposures` through a client's deduplication, loggers and counters, even if another process
 * read the flag with another configuration. A shadow logs it through its primary. Never throws for data of the same
 * release.
 */
export function logPlainExposure(
  client: Client<object>,
  { base, context, details, messageId }: PlainExposure,
): ExposureOutcome {
  const { clock, exposures } = knownParts(client);
  exposures.noteShown();
  return exposures.record(base, { ...context, messageId, nowMs: clock.now }, details);
}

/** The parts of a client that `@sortition/web` uses. */
export interface WebParts {
  readonly clock: Pick<Clock, "now" | "monotonicMs">;
  readonly diagnostics: Diagnostics;
  /** Names of its dialects, beginning with the one that serves. A shadow of two clients has two. */
  readonly dialects: readonly string[];
  /** Adds one to a counter in `status.counters.web`. */
  count(counter: keyof WebCounters): void;
}

/** @throws TypeError if it is not a client. */
export function webParts(client: Client<object>): WebParts {
  const { clock, diagnostics, dialect, dialects = [dialect.name], lifecycle } = knownParts(client);
  return { clock, diagnostics, dialects, count: (counter) => lifecycle.countWeb(counter) };
}
