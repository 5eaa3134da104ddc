import {
  type BatchObservableCallback,
  type BatchObservableResult,
  type Meter,
  metrics,
} from "@opentelemetry/api";
import type { Client, ShadowCounts } from "@sortition/core";
import { rejectUnknownOptions, requireMethods } from "@sortition/core/internal";
import { ATTRIBUTES, INSTRUMENTS, STATUS_ATTRIBUTES } from "./conventions.js";
import { VERSION } from "./version.js";

/** Options of {@link observeStatus}. */
export interface ObserveStatusOptions {
  /** Default: a meter of the SDK that your application has started. */
  readonly meter?: Meter | undefined;
}

/**
 * Exports the status of a client as observable instruments: configuration age, consecutive failures, and delivered, dropped
 * and buffered exposures. For a shadow, also exports the counts of its comparisons. The status is read once per collection. Call this after your OpenTelemetry SDK has started.
 *
 * ```ts
 * const stop = observeStatus(client);
 * ```
 *
 * @returns a function that stops the export.
 * @throws OptionError if an option is unknown or invalid.
 */
export function observeStatus(
  client: Pick<Client<object>, "status">,
  options: ObserveStatusOptions = {},
): () => void {
  rejectUnknownOptions(options, ["meter"]);
  requireMethods("meter", options.meter, ["createObservableGauge", "addBatchObservableCallback"]);
  const { meter = metrics.getMeter("@sortition/opentelemetry", VERSION) } = options;
  const age = meter.createObservableGauge(INSTRUMENTS.age, {
    description: "Time since the origin last confirmed the configuration",
    unit: "s",
  });
  const failures = meter.createObservableGauge(INSTRUMENTS.failures, {
    description: "Consecutive failed attempts to fetch a configuration",
    unit: "{failure}",
  });
  const delivered = meter.createObservableCounter(INSTRUMENTS.delivered, {
    description: "Exposures that a logger accepted",
    unit: "{exposure}",
  });
  const dropped = meter.createObservableCounter(INSTRUMENTS.dropped, {
    description: "Exposures that were lost",
    unit: "{exposure}",
  });
  const buffered = meter.createObservableUpDownCounter(INSTRUMENTS.buffered, {
    description: "Exposures waiting for a logger",
    unit: "{exposure}",
  });
  const shadow = shadowInstruments(meter);
  const instruments = [age, failures, delivered, dropped, buffered, ...shadow.all];
  const observe: BatchObservableCallback = (result) => {
    const { ageMs, consecutiveFailures, counters, dialect } = client.status;
    const common = { [STATUS_ATTRIBUTES.dialect]: dialect };
    if (ageMs !== null) result.observe(age, ageMs / 1_000, common);
    result.observe(failures, consecutiveFailures, common);
    for (const [logger, counts] of Object.entries(counters.exposures.loggers)) {
      const attributes = { ...common, [STATUS_ATTRIBUTES.logger]: logger };
      result.observe(delivered, counts.delivered, attributes);
      result.observe(buffered, counts.queued + counts.inFlight + counts.buffered, attributes);
      for (const [reason, count] of Object.entries(counts.dropped)) {
        result.observe(dropped, count, { ...attributes, [STATUS_ATTRIBUTES.reason]: reason });
      }
      // Exposures that the logger took and then lost, for example because a disk was full.
      const { failed, dropped: refused } = counts.later ?? { failed: 0, dropped: 0 };
      for (const [reason, count] of Object.entries({ failed, dropped: refused })) {
        const lost = { ...attributes, [STATUS_ATTRIBUTES.reason]: `downstream-${reason}` };
        result.observe(dropped, count, lost);
      }
    }
    if (counters.shadow !== undefined) shadow.observe(result, counters.shadow);
  };
  meter.addBatchObservableCallback(observe, instruments);
  return () => meter.removeBatchObservableCallback(observe, instruments);
}

/** Creates the instruments for a shadow. Only flags that differ become time series, because keys may be any string. */
function shadowInstruments(meter: Meter) {
  const compared = meter.createObservableCounter(INSTRUMENTS.compared, {
    description: "Calls that a shadow evaluated on both sides",
    unit: "{call}",
  });
  const differences = meter.createObservableCounter(INSTRUMENTS.differences, {
    description: "Compared calls on which the two sides differ",
    unit: "{call}",
  });
  const skipped = meter.createObservableCounter(INSTRUMENTS.skipped, {
    description: "Calls that were not compared, because comparisons took too long",
    unit: "{call}",
  });
  const servedByOther = meter.createObservableCounter(INSTRUMENTS.servedByOther, {
    description: "Calls that the other side served, because the chosen side had no value",
    unit: "{call}",
  });
  return {
    all: [compared, differences, skipped, servedByOther],
    observe(result: BatchObservableResult, counts: ShadowCounts): void {
      result.observe(compared, counts.compared);
      result.observe(skipped, counts.skipped);
      for (const [flagKey, flag] of Object.entries(counts.flags)) {
        const ofFlag = { [ATTRIBUTES.key]: flagKey };
        if (flag.servedByOther > 0) result.observe(servedByOther, flag.servedByOther, ofFlag);
        for (const [kind, count] of Object.entries(flag.differ)) {
          if (count === 0) continue;
          result.observe(differences, count, { ...ofFlag, [STATUS_ATTRIBUTES.difference]: kind });
        }
      }
    },
  };
}
