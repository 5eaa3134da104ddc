import {
  type BatchObservableCallback,
  type BatchObservableResult,
  type Meter,
  metrics,
  type Observable,
} from "@opentelemetry/api";
import type { Client, ShadowCounts } from "@sortition/core";
import {
  isPromise,
  OptionError,
  rejectUnknownOptions,
  requireMethods,
} from "@sortition/core/internal";
import { ATTRIBUTES, INSTRUMENTS, STATUS_ATTRIBUTES } from "./conventions.js";
import { VERSION } from "./version.js";

/** The instruments for a status, and for the counts of a shadow. */
const STATUS = {
  age: ["Gauge", "s", "Time since the origin last confirmed the configuration"],
  failures: ["Gauge", "{failure}", "Consecutive failed attempts to fetch a configuration"],
  delivered: ["Counter", "{exposure}", "Exposures that a logger accepted"],
  dropped: ["Counter", "{exposure}", "Exposures that were lost"],
  buffered: ["UpDownCounter", "{exposure}", "Exposures waiting for a logger"],
  compared: ["Counter", "{call}", "Calls that a shadow evaluated on both sides"],
  differences: ["Counter", "{call}", "Compared calls on which the two sides differ"],
  skipped: ["Counter", "{call}", "Calls that were not compared, because comparisons took too long"],
  servedByOther: [
    "Counter",
    "{call}",
    "Calls that the other side served, because the chosen side had no value",
  ],
} as const;

type StatusInstruments = Readonly<Record<keyof typeof STATUS, Observable>>;

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
  if (isPromise(client)) throw new OptionError("client", "is a promise: await it");
  rejectUnknownOptions(options, ["meter"]);
  requireMethods("meter", options.meter, ["createObservableGauge", "addBatchObservableCallback"]);
  const { meter = metrics.getMeter("@sortition/opentelemetry", VERSION) } = options;
  const instruments = createInstruments(meter);
  const { age, buffered, delivered, dropped, failures } = instruments;
  const all = Object.values(instruments);
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
    if (counters.shadow !== undefined) observeShadow(result, counters.shadow, instruments);
  };
  meter.addBatchObservableCallback(observe, all);
  return () => meter.removeBatchObservableCallback(observe, all);
}

function createInstruments(meter: Meter): StatusInstruments {
  const entries = Object.entries(STATUS).map(([key, [kind, unit, description]]) => {
    const name = INSTRUMENTS[key as keyof typeof STATUS]; // an own key of the table
    return [key, meter[`createObservable${kind}`](name, { description, unit })];
  });
  return Object.fromEntries(entries) as StatusInstruments; // one for each key of the table
}

/** Only flags that differ become time series, because keys may be any string. */
function observeShadow(
  result: BatchObservableResult,
  counts: ShadowCounts,
  { compared, differences, servedByOther, skipped }: StatusInstruments,
): void {
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
}
