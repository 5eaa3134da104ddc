import { randomUUID } from "node:crypto";
import type { AssignmentEvent, AssignmentLogger, Diagnostics } from "@sortition/core";
import { createClock } from "@sortition/core/internal";
import { redis } from "@sortition/redis";
import { startTcpProxy, type TcpProxy } from "@sortition/test-kit/redis";
import type { LoggerConfig } from "../../src/config/config.js";
import { LoggerSlot } from "../../src/environment/logger-slot.js";
import { type OpenedLogger, openLogger } from "../../src/environment/loggers.js";
import { SharedLoggers } from "../../src/environment/shared-loggers.js";

const CLOCK = createClock();
const SILENT: Diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
const LIMITS = { commandTimeoutMs: 1_000, connectTimeoutMs: 1_000, pollIntervalMs: 6_000 };
/** On a busy machine, a delivery takes more than a second. */
const OUTBOX = { flushMs: 5, minIdleMs: 6_000, deliveryTimeoutMs: 3_000 };
const MAX_WAITING_BYTES = 1_000_000;

/** Where a replica's exposures go. */
export interface Places {
  readonly redisPort: number;
  readonly namespace: string;
  readonly logger: LoggerConfig;
}

/** What a replica says at its end about the exposures that it accepted. */
export interface Report {
  /** Message ids. */
  readonly accepted: readonly string[];
  /** Reported as lost, without entries of Redis, which may be from other replicas. */
  readonly lost: number;
  readonly unconfirmed: number;
  /** Entries that it moved to the dead stream. */
  readonly dead: number;
  /** Exposures that it held when it was killed. */
  readonly taken: number;
}

/** The part of a relay's replica that logs exposures, behind a connection to Redis that can be disturbed. */
export class Replica {
  readonly redis: TcpProxy;
  readonly #fleet: ReturnType<typeof redis>;
  readonly #slot: LoggerSlot;
  readonly #shared: SharedLoggers;
  readonly #opened: OpenedLogger;
  readonly #front: AssignmentLogger;
  readonly #accepted: string[] = [];

  private constructor(proxy: TcpProxy, opened: OpenedLogger, { namespace }: Places) {
    this.redis = proxy;
    this.#opened = opened;
    const fleet = redis({ redis: proxy.url, namespace, ...LIMITS });
    this.#fleet = fleet;
    this.#slot = new LoggerSlot(opened.logger.name ?? "", CLOCK);
    this.#slot.set(opened);
    const uses: ConstructorParameters<typeof SharedLoggers>[0] = {
      dedupe: (...of) => fleet.dedupe(...of),
      outbox: (logger, options) => fleet.outbox(logger, { ...options, ...OUTBOX }),
    };
    this.#shared = new SharedLoggers(uses, MAX_WAITING_BYTES, CLOCK);
    this.#front = this.#shared.use([this.#slot])[0] as AssignmentLogger; // one slot has one logger
  }

  static async start(places: Places): Promise<Replica> {
    const proxy = await startTcpProxy(places.redisPort);
    return new Replica(proxy, await openLogger(places.logger, SILENT, []), places);
  }

  log(count: number): void {
    for (let i = 0; i < count; i++) {
      const event = exposure(randomUUID());
      this.#accepted.push(event.messageId);
      this.#front.logAssignment(event);
    }
  }

  /** Ends as a relay does. */
  async close(timeoutMs: number): Promise<Report> {
    await this.#shared.close(timeoutMs);
    await this.#fleet.close();
    await this.#opened.close(timeoutMs);
    // The file may still take lines whose write had no result yet. A process that exits waits for it.
    const { waiting } = this.#slot.counts();
    const { unconfirmed, ...others } = this.#report();
    const report = { ...others, unconfirmed: unconfirmed + waiting };
    await this.redis.close();
    return report;
  }

  /** Ends as with `kill -9`: nothing leaves the process any more. */
  async kill(): Promise<Report> {
    const report = this.#report(this.#slot.counts().waiting);
    this.#slot.set(null);
    await this.redis.close();
    await Promise.all([this.#opened.close(0), this.#shared.close(0), this.#fleet.close()]);
    return report;
  }

  #report(taken = 0): Report {
    const { lost, unconfirmed } = this.#slot.counts();
    const { dead = 0, dropped = 0, ...own } = lost;
    if (dropped > 0) throw new Error("the logger dropped entries");
    const sum = Object.values(own).reduce((total, count) => total + count, 0);
    return { accepted: this.#accepted, dead, lost: sum, unconfirmed, taken };
  }
}

function exposure(messageId: string): AssignmentEvent {
  return {
    ...{ allocation: "a", experiment: "checkout-a", featureFlag: "checkout", variation: "on" },
    ...{ messageId, subject: messageId, subjectAttributes: {} },
    timestamp: new Date().toISOString(),
    metaData: { sdkLanguage: "javascript", sdkName: "sortition", sdkLibVersion: "1.2.3" },
  };
}
