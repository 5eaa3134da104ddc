import type { Plugin } from "../client/instance-options.js";
import {
  EVENT_EXPERIMENT_VIEWED,
  EVENT_FEATURE_EVALUATED,
  type EventLogger,
} from "../events/callbacks.js";
import { Reports } from "../messages/reports.js";
import { eventPayload, type TrackingEventData } from "./event-payload.js";
import { IngestQueue, type TrackingCounters } from "./ingest-queue.js";
import { RecentEvents } from "./recent-events.js";

/** How a page sends events. Has no effect on servers. */
export type TrackingTransport = "auto" | "beacon" | "fetch";

/** Options of {@link growthbookTrackingPlugin}. */
export type GrowthBookTrackingOptions = {
  /** Time for which events are collected before a request, ms. Default: 100. */
  queueFlushInterval?: number | undefined;
  /** Default: `https://us-east-1.gb-ingest.com`. */
  ingestorHost?: string | undefined;
  /** If `false`, nothing is sent. Default: `true`. */
  enable?: boolean | undefined;
  /** If `false`, feature evaluations are not sent. Default: `true`. */
  enableFeatureUsageEvents?: boolean | undefined;
  /** If `true`, each event is written to stderr. */
  debug?: boolean | undefined;
  /** Number of recent events that are remembered to detect repetitions. Default: 1 000. */
  dedupeCacheSize?: number | undefined;
  /** Attributes that identify a user when repetitions are detected. */
  dedupeKeyAttributes?: string[] | undefined;
  /** Return `false` to discard an event. */
  eventFilter?: ((event: TrackingEventData) => boolean) | undefined;
  /** Has no effect on servers. */
  transport?: TrackingTransport | undefined;
};

/** A plugin that counts events. */
export interface TrackingPlugin extends Plugin {
  /** Returns the event counters of all instances with this plugin. */
  counters(): TrackingCounters;
}

const DEFAULT_HOST = "https://us-east-1.gb-ingest.com";

/**
 * Sends events to GrowthBook's ingestor: "Experiment Viewed" and "Feature Evaluated" once per content, and all events
 * of `logEvent`. `destroy` sends the queued events.
 *
 * The plugin throws an error when an instance without a `clientKey` is created.
 */
export function growthbookTrackingPlugin(options: GrowthBookTrackingOptions = {}): TrackingPlugin {
  const queues = new Set<IngestQueue>();
  const plugin: Plugin = (gb) => {
    const clientKey = gb.getClientKey();
    if (!clientKey) throw new Error("clientKey must be specified to use event logging");
    // A scoped instance has no event logger. Its client has this plugin too.
    if (!("setEventLogger" in gb)) return;
    const host = options.ingestorHost || DEFAULT_HOST;
    const queue = new IngestQueue({
      endpoint: `${host}/track?client_key=${clientKey}`,
      host,
      flushIntervalMs: options.queueFlushInterval ?? 100,
      reports: new Reports(undefined),
    });
    queues.add(queue);
    gb.setEventLogger(eventLogger(options, queue, "createScopedInstance" in gb));
    if ("onDestroy" in gb) gb.onDestroy(() => queue.close());
  };
  return Object.assign(plugin, { counters: () => sumOf([...queues].map((it) => it.counters)) });
}

function eventLogger(
  options: GrowthBookTrackingOptions,
  queue: IngestQueue,
  isMultiUser: boolean,
): EventLogger {
  const { enable = true, enableFeatureUsageEvents = true, dedupeCacheSize = 1_000 } = options;
  const { debug, dedupeKeyAttributes = [], eventFilter } = options;
  const recent = new RecentEvents(dedupeCacheSize);

  const isRepeated = (data: TrackingEventData): boolean => {
    const { eventName, properties, attributes } = data;
    const isUsage = eventName === EVENT_FEATURE_EVALUATED;
    if (!isUsage && eventName !== EVENT_EXPERIMENT_VIEWED) return false;
    // The event of a feature does not identify the user.
    const usersOwn = isMultiUser && isUsage ? Object.keys(attributes) : [];
    const names = dedupeKeyAttributes.length > 0 ? dedupeKeyAttributes : usersOwn;
    const identity = names.map((name) => [`attr:${name}`, attributes[name]]);
    return !recent.add(JSON.stringify({ eventName, properties, ...Object.fromEntries(identity) }));
  };

  return async (eventName, properties, { attributes = {}, url = "" }) => {
    const data: TrackingEventData = { eventName, properties, attributes, url };
    if (!enableFeatureUsageEvents && eventName === EVENT_FEATURE_EVALUATED) return;
    if (eventFilter && !eventFilter(data)) return;
    if (isRepeated(data)) return;
    const payload = eventPayload(data);
    if (debug) console.error("Logging event to GrowthBook", payload);
    if (enable) await queue.add(payload);
  };
}

function sumOf(all: readonly TrackingCounters[]): TrackingCounters {
  const sum = (name: keyof TrackingCounters): number =>
    all.reduce((total, counters) => total + counters[name], 0);
  return {
    accepted: sum("accepted"),
    delivered: sum("delivered"),
    failed: sum("failed"),
    dropped: sum("dropped"),
    queued: sum("queued"),
    inFlight: sum("inFlight"),
  };
}
