import { type AssignmentLogger, createClock, OptionError } from "@sortition/core/internal";
import { type Evictable, reportEviction } from "../connection/eviction.js";
import { createDedupe, type DedupeLogger } from "../dedupe/dedupe.js";
import type { DedupeOptions } from "../dedupe/options.js";
import {
  type FlagDefinitionCache,
  RedisFlagDefinitionCache,
} from "../flag-definitions/flag-definition-cache.js";
import type { FlagDefinitions } from "../flag-definitions/held-definitions.js";
import {
  createFleetServices,
  type FleetPorts,
  type FleetServices,
  type UseCounters,
} from "../fleet-services.js";
import type { RedisFleetOptions } from "../options/options.js";
import type { OutboxOptions } from "../outbox/options.js";
import { createOutbox, type OutboxLogger } from "../outbox/outbox.js";
import type { StickyBucketOptions } from "../sticky/options.js";
import { RedisStickyBuckets, type StickyBuckets } from "../sticky/sticky-buckets.js";
import { createToken } from "../worker/token.js";

/** Uses of a fleet besides its shared configuration. Each opens a connection when it is created. */
export interface FleetUses {
  /**
   * Creates a logger that logs each exposure once in the whole fleet. While Redis cannot be
   * reached, it logs every exposure of this process.
   *
   * @throws OptionError for an unknown option or a bad value, or if the fleet has no `namespace`.
   */
  dedupe(logger: AssignmentLogger, options?: DedupeOptions): DedupeLogger;
  /**
   * Creates a logger that stores exposures in Redis. One of the processes delivers them to the
   * given logger.
   *
   * @throws OptionError for an unknown option or a bad value, if the fleet has no `namespace`, if an
   * outbox of this name is open, or if the logger was created by {@link dedupe}.
   */
  outbox(logger: AssignmentLogger, options?: OutboxOptions): OutboxLogger;
  /**
   * Creates the store of sticky assignments for GrowthBook's `stickyBucketService`.
   *
   * @throws OptionError for an unknown option or a bad value, or if the fleet has no `namespace`.
   */
  stickyBuckets(options?: StickyBucketOptions): StickyBuckets;
  /** Creates the cache of flag definitions for PostHog's `flagDefinitionCacheProvider`. */
  flagDefinitionCache<Data extends FlagDefinitions>(): FlagDefinitionCache<Data>;
}

const OTHER_ORDER =
  "an outbox around fleet.dedupe stores duplicates: write fleet.dedupe(fleet.outbox(logger))";

type UseDefaults = Pick<RedisFleetOptions, "dedupe" | "outbox" | "sticky">;

/** Creates the uses of one fleet, and adds up their counters. */
export class Uses implements FleetUses {
  readonly #ports: FleetPorts;
  readonly #defaults: UseDefaults;
  readonly #counters: { readonly [Kind in keyof UseCounters]: (() => UseCounters[Kind])[] } = {
    dedupe: [],
    outbox: [],
  };
  /** Loggers that `dedupe` created. */
  readonly #deduplicating = new WeakSet<AssignmentLogger>();
  #services: FleetServices | null = null;
  /** The uses whose keys must not be evicted. */
  readonly #evictable = new Set<Evictable>();

  /** @param defaults - default options of each use. */
  constructor(ports: FleetPorts, defaults: UseDefaults) {
    this.#ports = ports;
    this.#defaults = defaults;
  }

  /** Sums over all uses, including closed ones. */
  get counters(): UseCounters {
    const { dedupe, outbox } = this.#counters;
    return {
      dedupe: sum({ asked: 0, suppressed: 0, unasked: 0 }, dedupe),
      outbox: sum(
        {
          ...{ appended: 0, full: 0, dropped: 0, unconfirmed: 0 },
          ...{ delivered: 0, redelivered: 0, dead: 0 },
        },
        outbox,
      ),
    };
  }

  dedupe(logger: AssignmentLogger, options?: DedupeOptions): DedupeLogger {
    const created = createDedupe(this.#openNamed("dedupe"), logger, {
      ...this.#defaults.dedupe,
      ...options,
    });
    this.#deduplicating.add(created);
    return created;
  }

  outbox(logger: AssignmentLogger, options?: OutboxOptions): OutboxLogger {
    // Thrown and not logged, because a fleet has no diagnostics before a client uses it.
    if (this.#deduplicating.has(logger)) throw new OptionError("logger", OTHER_ORDER);
    return createOutbox(this.#openNamed("outbox"), logger, {
      ...this.#defaults.outbox,
      ...options,
    });
  }

  stickyBuckets(options?: StickyBucketOptions): StickyBuckets {
    return new RedisStickyBuckets(this.#openNamed("stickyBuckets"), {
      ...this.#defaults.sticky,
      ...options,
    });
  }

  flagDefinitionCache<Data extends FlagDefinitions>(): FlagDefinitionCache<Data> {
    return new RedisFlagDefinitionCache<Data>(this.#openServices());
  }

  /**
   * Requires a name that does not depend on the origin's key. Otherwise, what is in Redis would be
   * orphaned when the key is rotated.
   */
  #openNamed(use: Evictable): FleetServices {
    const { connections, diagnostics, settings } = this.#ports;
    if (!settings.isNamed) {
      throw new OptionError(
        "namespace",
        `fleet.${use} needs a name that you choose, such as \`shop-production\`, because what it stores must outlive the origin's key`,
      );
    }
    if (this.#evictable.size === 0)
      reportEviction(connections.commands, diagnostics, this.#evictable);
    this.#evictable.add(use);
    return this.#openServices();
  }

  #openServices(): FleetServices {
    this.#services ??= createFleetServices(this.#ports, {
      clock: createClock(),
      random: () => Math.random(),
      token: createToken(),
      addCounters: (kind, read) => void this.#counters[kind].push(read),
    });
    return this.#services;
  }
}

function sum<Counters extends { [Name in keyof Counters]: number }>(
  zero: Counters,
  readers: readonly (() => Readonly<Counters>)[],
): Counters {
  const total = { ...zero };
  for (const read of readers) {
    const counters = read();
    for (const name of Object.keys(zero) as (keyof Counters)[]) {
      total[name] = (total[name] + counters[name]) as Counters[keyof Counters];
    }
  }
  return total;
}
