import {
  type AssignmentLogger,
  createBufferedLogger,
  type LoggerStats,
  type LoggerTimeLimit,
  markRelease,
  OptionError,
} from "@sortition/core/internal";
import type { FleetServices, OutboxCounters } from "../fleet-services.js";
import { InnerLogger, requireLogger } from "../inner-logger.js";
import { QueueWithWork, queueOptions, type UseLogger } from "../use-logger.js";
import { RELEASE } from "../version.js";
import { Appender } from "./appender.js";
import { Consumer } from "./consumer.js";
import type { StoredExposure } from "./entry.js";
import { outboxKeys } from "./keys.js";
import { type OutboxOptions, outboxSettings } from "./options.js";
import { findOrphans } from "./orphans.js";
import { OutboxStream } from "./stream.js";
import { APPEND_SIZE, OutboxVendor } from "./vendor.js";

/** Maximum number of exposures in flight to Redis, in calls. */
const CALLS_IN_FLIGHT = 5;

/** Counters of an outbox, in addition to those of its queue. */
export interface OutboxStats {
  /** Exposures that Redis acknowledged. */
  readonly appended: number;
  /** How often an exposure found the stream full. */
  readonly full: number;
  /** Exposures of `buffered` that were passed to the logger without Redis, when the outbox was closed. */
  readonly handingOver: number;
  /** Exposures that the logger delivered after they were passed to it without Redis. */
  readonly deliveredDirectly: number;
  /** Counters of this process as a consumer. */
  readonly consumer: Pick<OutboxCounters, "delivered" | "redelivered" | "dead"> & {
    /** Exposures of `delivered` that the logger itself dropped when it received them, for example because they are too large. */
    readonly dropped: number;
    /** Whether its logger is down. */
    readonly failing: boolean;
  };
}

/** A logger whose exposures survive the process as soon as Redis has them. */
export interface OutboxLogger extends UseLogger<OutboxStats> {
  /**
   * Number of exposures that wait in the stream for all processes. The same in each process. Rejects if Redis does not
   * respond.
   */
  stored(): Promise<number>;
}

/** Names of the outboxes open in this process. */
const openNames = new WeakMap<FleetServices, Set<string>>();

/**
 * Creates a logger that appends exposures to a stream in Redis, and delivers the exposures in the
 * stream to the given logger.
 *
 * @throws OptionError for an unknown option, a bad value, a name that is in use, or a logger
 * without `logAssignment`.
 */
export function createOutbox(
  services: FleetServices,
  logger: AssignmentLogger,
  options: OutboxOptions = {},
): OutboxLogger {
  requireLogger(logger);
  const settings = outboxSettings(options);
  const { name, flushMs } = settings;
  const { clock } = services;
  const releaseName = takeName(services, name);
  let stopListening = (): void => {};
  const handOver = async (limit: LoggerTimeLimit & { readonly timeoutMs: number }) => {
    // As soon as Redis is back, find out whether it executed a call whose reply was lost.
    stopListening();
    stopListening = services.link.listen({ ready: () => void queue.flush(limit) });
    if (consumer === undefined || consumer.isFailing) return;
    const half = { ...limit, timeoutMs: limit.timeoutMs / 2 };
    if (services.link.isReady) await queue.flush(half);
    vendor.handOverDirectly();
    await queue.flush(half);
  };
  const release = services.retain({
    handOver: (timeoutMs) => handOver({ timeoutMs }),
    close: async (timeoutMs) => void (await self.close({ timeoutMs })),
  });
  const inner = new InnerLogger(logger, clock);
  const keysOf = (outbox: string) => outboxKeys(services.settings.namespace, outbox);
  const stream = new OutboxStream(services, keysOf(name), settings);
  const isOpen = (outbox: string): boolean => openNames.get(services)?.has(outbox) === true;
  const counters = { appended: 0, full: 0, delivered: 0, redelivered: 0, dead: 0 };
  const count = (counter: keyof typeof counters, by: number): void => {
    counters[counter] += by;
  };
  const consumer = settings.delivers
    ? new Consumer({
        ...{ services, stream, inner, settings, count },
        findOrphans: () => findOrphans(services.link, keysOf, isOpen),
      })
    : undefined;
  const end = async (timeoutMs: number): Promise<void> => {
    stopListening();
    await consumer?.stop(timeoutMs);
    release();
    releaseName();
  };
  const vendor = new OutboxVendor({ appender: new Appender(stream), inner, count, end });
  const queue = createBufferedLogger<StoredExposure>(
    {
      maxInFlight: APPEND_SIZE * CALLS_IN_FLIGHT,
      batchSize: APPEND_SIZE,
      handOverAt: APPEND_SIZE,
      flushIntervalMs: flushMs,
      closing: (limit) => void handOver(limit),
      open: () => vendor,
    },
    queueOptions(services, settings),
    ({ id, kind, members }) => ({ id, kind, event: JSON.stringify({ ...members, messageId: id }) }),
    false,
  );
  /** Counters of the queue. An exposure that Redis may have is no loss of the logger. */
  const queueStats = (): LoggerStats => {
    const stats = queue.stats();
    const { downstream, unconfirmed, ...droppedBy } = stats.droppedBy;
    const { lostUnconfirmed } = vendor.direct;
    const moved = {
      downstream: downstream - lostUnconfirmed,
      unconfirmed: unconfirmed + lostUnconfirmed,
    };
    return { ...stats, droppedBy: { ...droppedBy, ...moved } };
  };
  services.addCounters("outbox", () => {
    const { dropped, droppedBy } = queueStats();
    const { unconfirmed } = droppedBy;
    return { ...counters, dropped: dropped - unconfirmed, unconfirmed };
  });
  const logging = new QueueWithWork<OutboxStats & Pick<LoggerStats, "droppedBy">>(queue, clock, {
    async end(timeoutMs) {
      const { taken } = vendor.direct;
      if (taken > 0) {
        const facts = { part: name, count: taken };
        services.diagnostics.warn("exposures handed over without the outbox", facts);
      }
      await end(timeoutMs);
      await inner.close(timeoutMs);
    },
    stats: () => {
      const { appended, full, delivered, redelivered, dead } = counters;
      const { dropped = 0, isFailing: failing = false } = consumer ?? {};
      const { delivered: deliveredDirectly, open: handingOver } = vendor.direct;
      const { droppedBy } = queueStats();
      const own = { delivered, redelivered, dead, dropped, failing };
      return { appended, full, handingOver, deliveredDirectly, droppedBy, consumer: own };
    },
  });
  const self: OutboxLogger = Object.assign(logging, { stored: () => stream.length() });
  return markRelease(self, RELEASE);
}

/**
 * Reserves the name. Outboxes with the same name share a stream, so each of two loggers would get
 * only some of its exposures.
 */
function takeName(services: FleetServices, name: string): () => void {
  const names = openNames.get(services) ?? new Set();
  openNames.set(services, names);
  if (names.has(name)) {
    throw new OptionError(
      "outbox.name",
      `"${name}" is open already: share that logger, or write fleet.outbox(logger, { name: "second" })`,
    );
  }
  names.add(name);
  return () => void names.delete(name);
}
