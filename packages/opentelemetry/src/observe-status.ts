import {
  type BatchObservableCallback,
  type BatchObservableResult,
  createNoopMeter,
  type Meter,
  metrics,
  type Observable,
} from "@opentelemetry/api";
import {
  type Client,
  consoleDiagnostics,
  type ExposureDropReason,
  type LoggerCounters,
  type ShadowCounts,
} from "@sortition/core";
import {
  explainedOn,
  isLoggerFailure,
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
  delivered: ["Counter", "{exposure}", "Exposures that a logger delivered"],
  dropped: ["Counter", "{exposure}", "Exposures that were lost"],
  buffered: ["UpDownCounter", "{exposure}", "Exposures waiting for a logger, or held by it"],
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
 * The counters never fall. An exposure that a logger lost after it was exported as delivered, because the logger does not report
 * the outcome of each event, is counted as dropped, too: `downstream-failed` or `downstream-dropped`.
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
  if (!("status" in Object(client))) {
    throw new OptionError(
      "client",
      "expected a client: write observeStatus(await init({ apiKey, … }))",
    );
  }
  rejectUnknownOptions(options, ["meter"], undefined, explainedOn("/guides/openfeature.md"));
  const methods = ["createObservableGauge", "addBatchObservableCallback"];
  requireMethods("meter", options.meter, methods, ', such as metrics.getMeter("app")');
  const { meter = metrics.getMeter("@sortition/opentelemetry", VERSION) } = options;
  if (meter.constructor === createNoopMeter().constructor) {
    consoleDiagnostics().warn(
      "observeStatus(): no meter provider is registered, so nothing is exported: start your OpenTelemetry SDK first",
    );
  }
  const instruments = createInstruments(meter);
  const { age, buffered, delivered, dropped, failures } = instruments;
  const all = Object.values(instruments);
  const highest = new Map<string, number>();
  /** Returns the highest count so far, because the totals of a client may fall. */
  const rising = (name: string, count: number): number => {
    const value = Math.max(count, highest.get(name) ?? 0);
    highest.set(name, value);
    return value;
  };
  const observe: BatchObservableCallback = (result) => {
    const { ageMs, consecutiveFailures, counters, dialect } = client.status;
    const common = { [STATUS_ATTRIBUTES.dialect]: dialect };
    if (ageMs !== null) result.observe(age, ageMs / 1_000, common);
    result.observe(failures, consecutiveFailures, common);
    for (const [logger, counts] of Object.entries(counters.exposures.loggers)) {
      const attributes = { ...common, [STATUS_ATTRIBUTES.logger]: logger };
      const { totals } = counts;
      result.observe(
        delivered,
        rising(`${dialect}:delivered:${logger}`, totals.delivered),
        attributes,
      );
      result.observe(buffered, totals.pending, attributes);
      for (const [reason, count] of Object.entries(lossesOf(counts))) {
        const lost = { ...attributes, [STATUS_ATTRIBUTES.reason]: reason };
        result.observe(dropped, rising(`${dialect}:${reason}:${logger}`, count), lost);
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

/** Returns the lost exposures by reason. The totals also have those that the logger took and then lost, for example to a full disk. */
function lossesOf({ dropped, totals }: LoggerCounters): Readonly<Record<string, number>> {
  let { failed, dropped: refused } = totals;
  for (const [reason, count] of Object.entries(dropped)) {
    const isFailure = isLoggerFailure(reason as ExposureDropReason); // a key of that record
    if (isFailure) failed -= count;
    else refused -= count;
  }
  return { ...dropped, "downstream-failed": failed, "downstream-dropped": refused };
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
