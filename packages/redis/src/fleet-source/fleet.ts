import {
  type AbortSignalLike,
  type ConfigurationSource,
  createClock,
  type Diagnostics,
  markRelease,
  OptionError,
  type RefreshOutcome,
  SILENT_DIAGNOSTICS,
  type SourceContext,
  type SourceSink,
  type StreamStatus,
  type Subscription,
  within,
} from "@sortition/core/internal";
import { Connections } from "../connection/connections.js";
import type { FleetPorts, UseEnd } from "../fleet-services.js";
import type { RedisFleetOptions } from "../options/options.js";
import { checkOptions } from "../options/settings.js";
import type { Settings } from "../settings.js";
import { RELEASE } from "../version.js";
import { closedOutcome } from "../worker/closed-outcome.js";
import { type Counting, createCounters, snapshotOf } from "../worker/counters.js";
import { SharedRun } from "./shared-run.js";
import type { RedisStatus } from "./status.js";
import { type FleetUses, Uses } from "./uses.js";

/** One configuration and other state that all processes of a fleet share. */
export interface RedisFleet extends ConfigurationSource, FleetUses {
  readonly kind: "redis";
  /** A snapshot of the state. It contains no key, URL or credentials. */
  readonly status: RedisStatus;
  /**
   * Ends all uses. Idempotent. Never rejects. Settles within 500 ms, even if Redis does not
   * respond.
   */
  close(): Promise<void>;
}

/**
 * Creates a source that shares one poller and one configuration with all other processes of a
 * fleet. Pass it to clients as `source`. It connects when the first client subscribes.
 *
 * @throws OptionError for an unknown option or a bad value, before anything connects.
 * @see docs/spec/redis.md
 */
export function redis(options: RedisFleetOptions): RedisFleet {
  const settings = checkOptions(options);
  const fleet = new Fleet(options, settings);
  const { dialect = null, requestTimeoutMs, scope } = options.origin ?? {};
  // The members do not use `this`, because callers may destructure the source or wrap it in an
  // object that inherits from it.
  const source: RedisFleet = {
    kind: "redis",
    intervalMs: settings.pollIntervalMs,
    requestTimeoutMs,
    dialect,
    ...(scope === undefined ? {} : { scope }),
    get status() {
      return fleet.status;
    },
    get stream() {
      return fleet.stream;
    },
    get lateHint() {
      return fleet.lateHint;
    },
    subscribe: (sink, context) => fleet.subscribe(sink, context),
    refresh: (limits) => fleet.refresh(limits),
    dedupe: (logger, options) => fleet.uses.dedupe(logger, options),
    outbox: (logger, options) => fleet.uses.outbox(logger, options),
    stickyBuckets: (options) => fleet.uses.stickyBuckets(options),
    flagDefinitionCache: () => fleet.uses.flagDefinitionCache(),
    close: () => fleet.close(),
  };
  return markRelease(source, RELEASE);
}

class Fleet {
  readonly uses: Uses;
  readonly #options: RedisFleetOptions;
  readonly #settings: Settings;
  readonly #ports: FleetPorts;
  readonly #counters: Counting = createCounters();
  readonly #ends = new Set<UseEnd>();
  #run: SharedRun | null = null;
  #diagnostics: Diagnostics;

  constructor(options: RedisFleetOptions, settings: Settings) {
    this.#options = options;
    this.#settings = settings;
    this.#diagnostics = options.diagnostics ?? SILENT_DIAGNOSTICS;
    const reporting =
      (level: keyof Diagnostics): Diagnostics["warn"] =>
      async (...message) => {
        try {
          await this.#diagnostics[level](...message);
        } catch {
          // The diagnostics failed, so there is nowhere to report this.
        }
      };
    this.#ports = {
      settings,
      // Sockets use real time, even if a client has another clock.
      connections: new Connections(options.redis, settings, {
        clock: createClock(),
        random: () => Math.random(),
      }),
      diagnostics: {
        debug: reporting("debug"),
        info: reporting("info"),
        warn: reporting("warn"),
        error: reporting("error"),
      },
      onClose: (end) => {
        this.#ends.add(end);
        return () => void this.#ends.delete(end);
      },
    };
    this.uses = new Uses(this.#ports, options);
  }

  get status(): RedisStatus {
    const { usesPubsub, namespace } = this.#settings;
    const { isReplica, state: link } = this.#ports.connections.commands;
    const state = this.#run?.worker.state ?? null;
    const content = state?.content ?? null;
    const isFromRedis = content?.payloads.some(({ from }) => from === "redis") === true;
    return {
      namespace: namespace.name,
      role: state?.role ?? "stopped",
      revision: state?.revision ?? null,
      sha: content?.sha ?? null,
      ageMs: state?.ageMs ?? null,
      overdueMs: state?.overdueMs ?? null,
      source: content === null ? "none" : isFromRedis ? "redis" : "origin",
      fence: state === null || state.fence === "0" ? null : state.fence,
      leader: state?.lastTick?.leader || null,
      pubsub: usesPubsub ? (this.#run?.pubsub ?? "down") : "off",
      redis: link === "closed" || link === "down" ? "down" : isReplica ? "replica" : link,
      lastError: this.#run?.conflict ?? state?.lastError ?? null,
      counters: { ...snapshotOf(this.#counters), ...this.uses.counters },
    };
  }

  get lateHint(): string | undefined {
    const { isEligible, namespace } = this.#settings;
    if (isEligible) return this.#options.origin?.lateHint;
    return `no configuration in the namespace "${namespace.name}", and this process may not poll (eligible: false): start a process that may poll`;
  }

  get stream(): StreamStatus | undefined {
    return this.#run?.worker.stream;
  }

  subscribe(sink: SourceSink, context: SourceContext): Subscription {
    const { origin } = this.#options;
    if (origin === undefined) {
      throw new OptionError(
        "source",
        "this fleet has no origin, so it has no configuration: write redis({ redis, origin: httpOrigin({ apiKey }) })",
      );
    }
    this.#diagnostics = context.diagnostics;
    const run = this.#run ?? new SharedRun(this.#ports, origin, context, this.#counters);
    this.#run = run;
    const leave = run.worker.add(sink, context);
    let ending: Promise<void> | null = null;
    return {
      end: ({ signal }) => {
        ending ??= leave() ? this.#end(run, () => signal.aborted) : Promise.resolve();
        return ending;
      },
    };
  }

  async refresh({ signal }: { readonly signal: AbortSignalLike }): Promise<RefreshOutcome> {
    const worker = this.#run?.worker;
    if (worker === undefined || signal.aborted) return closedOutcome();
    return new Promise((resolve) => {
      const onAbort = (): void => resolve(closedOutcome());
      signal.addEventListener("abort", onAbort);
      void worker.refresh(signal).then((outcome) => {
        signal.removeEventListener("abort", onAbort);
        resolve(outcome);
      });
    });
  }

  async close(): Promise<void> {
    const ends: Promise<void>[] = this.#run === null ? [] : [this.#end(this.#run, () => false)];
    // The newest use first, because it may hand exposures over to an older one, which must still be
    // open.
    const uses = [...this.#ends].reverse();
    const clock = createClock();
    const endsAtMs = clock.monotonicMs() + CLOSE_MS;
    const shareMs = HEAD_START_MS / Math.max(1, uses.length - 1);
    for (const use of uses) {
      const startedMs = clock.monotonicMs();
      // It ends by itself. In a busy process, a second timer could fire first.
      if (use !== uses.at(-1)) await use.handOver?.(shareMs);
      const end = use.close(Math.max(1, endsAtMs - clock.monotonicMs())).catch(() => {});
      ends.push(end);
      const timeoutMs = startedMs + shareMs - clock.monotonicMs();
      await within({ clock, timeoutMs, holdsProcess: true }, () => end);
    }
    await Promise.all(ends);
    this.#diagnostics = this.#options.diagnostics ?? SILENT_DIAGNOSTICS;
  }

  /**
   * Keeps the last client's diagnostics, because uses of the fleet may lose exposures after that
   * client has ended.
   */
  #end(run: SharedRun, isAborted: () => boolean): Promise<void> {
    if (this.#run === run) this.#run = null;
    return run.end(isAborted);
  }
}

/** Time limit for all uses together to end. */
const CLOSE_MS = 400;
/** The last use begins to end after this time at the latest. */
const HEAD_START_MS = 250;
