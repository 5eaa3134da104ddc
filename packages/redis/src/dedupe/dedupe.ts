import {
  type AssignmentLogger,
  type BufferedLogger,
  createBufferedLogger,
  type LoggerTimeLimit,
  markRelease,
  within,
} from "@sortition/core/internal";
import type { DedupeCounters, FleetServices } from "../fleet-services.js";
import { InnerLogger, loggedOf, requireLogger } from "../inner-logger.js";
import { QueueWithWork, queueOptions, type UseLogger } from "../use-logger.js";
import { RELEASE } from "../version.js";
import { Claims } from "./claims.js";
import { exposureKey } from "./exposure-key.js";
import { type DedupeOptions, dedupeSettings } from "./options.js";
import { DedupeVendor, type Exposure } from "./vendor.js";

/** Maximum number of exposures in flight to Redis, in batches. */
const BATCHES_IN_FLIGHT = 10;

/** A logger that logs each exposure once in a fleet while Redis can be reached. */
export type DedupeLogger = UseLogger<DedupeCounters>;

/**
 * Creates a logger that passes an exposure on only if no process of the fleet has logged it.
 *
 * @throws OptionError for an unknown option, a bad value, or a logger without `logAssignment`.
 */
export function createDedupe(
  services: FleetServices,
  logger: AssignmentLogger,
  options: DedupeOptions = {},
): DedupeLogger {
  requireLogger(logger);
  const settings = dedupeSettings(options);
  const { batchSize, flushMs } = settings;
  const { clock } = services;
  const handOver = async (limit: LoggerTimeLimit & { readonly timeoutMs: number }) => {
    const half = { ...limit, timeoutMs: limit.timeoutMs / 2 };
    await queue.flush(half);
    vendor.stopAsking();
    await queue.flush(half);
  };
  const release = services.retain({
    handOver: (timeoutMs) => handOver({ timeoutMs }),
    close: async (timeoutMs) => void (await self.close({ timeoutMs })),
  });
  const inner = new InnerLogger(logger, clock);
  const claims = new Claims(services, settings);
  const counters = { asked: 0, suppressed: 0, unasked: 0 };
  services.addCounters("dedupe", () => ({ ...counters }));
  const count = (name: keyof DedupeCounters): void => {
    counters[name] += 1;
  };
  const flush = async (timeoutMs: number): Promise<boolean> => {
    const isDelivered = await inner.flush(timeoutMs);
    await claims.written();
    return isDelivered;
  };
  const endOnce = async (timeoutMs: number): Promise<void> => {
    // If Redis is down or does not reply, an outbox behind this logger cannot be flushed, and needs
    // the rest of the time to hand its exposures over.
    const limit = { clock, timeoutMs: timeoutMs / 4, holdsProcess: true };
    await within(limit, () => services.link.settled());
    if (services.link.isReady) await within(limit, () => flush(limit.timeoutMs));
    claims.end();
    release();
  };
  let ending: Promise<void> | undefined;
  const end = (timeoutMs: number): Promise<void> => {
    ending ??= endOnce(timeoutMs);
    return ending;
  };
  const vendor = new DedupeVendor({ services, inner, settings, claims, count, end });
  const queue: BufferedLogger = createBufferedLogger<Exposure>(
    {
      maxInFlight: batchSize * BATCHES_IN_FLIGHT,
      batchSize,
      handOverAt: batchSize,
      flushIntervalMs: flushMs,
      divert: (exposure, settle) => vendor.divert(exposure, settle),
      closing: (limit) => void handOver(limit),
      open: () => vendor,
    },
    queueOptions(services, settings),
    (event) => {
      const key = exposureKey(services.settings.namespace, event, inner.name);
      return { logged: loggedOf(event), key };
    },
    false,
  );
  const self: DedupeLogger = new QueueWithWork(queue, clock, {
    flush,
    async end(timeoutMs) {
      await end(timeoutMs);
      await inner.close(timeoutMs);
    },
    stats: () => ({ failing: queue.stats().failing || inner.isFailing, ...counters }),
  });
  return markRelease(self, RELEASE);
}
