import { createHash } from "node:crypto";
import { eppo } from "@sortition/core/eppo";
import {
  type ConfigurationOrigin,
  type PayloadSet,
  type SourceContext,
  type SourceSink,
  Subscribers,
} from "@sortition/core/internal";
import type { Link } from "../../src/connection/connection.js";
import type { Settings } from "../../src/settings.js";
import { type Counting, createCounters } from "../../src/worker/counters.js";
import { Protocol } from "../../src/worker/protocol.js";
import { createToken } from "../../src/worker/token.js";
import { Worker } from "../../src/worker/worker.js";
import { type LinkTimes, TimedLink } from "./timed-link.js";
import { WorkerClock } from "./worker-clock.js";

/** Dependencies of a {@link SimulatedWorker}. */
export interface SimulatedPorts {
  readonly settings: Settings;
  readonly origin: ConfigurationOrigin;
  /** The process was killed, with its connections. */
  onKill(): void;
  readonly link: Link;
  readonly times: LinkTimes;
  /** Content was swapped in. */
  onApply(revision: number | null, startedAtMs: number): void;
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * A process of the fleet without sockets or a client. It has the package's real worker and
 * protocol.
 */
export class SimulatedWorker {
  readonly worker: Worker;
  readonly counters: Counting = createCounters();
  readonly #clock = new WorkerClock();
  readonly #link: TimedLink;
  readonly #onKill: () => void;
  #current: PayloadSet | null = null;
  #isKilled = false;

  constructor({ link, onApply, onKill, origin, settings, times }: SimulatedPorts) {
    this.#link = new TimedLink(link, times);
    this.#onKill = onKill;
    const { claimMs, commandTimeoutMs, leaseMs, namespace } = settings;
    const caller = {
      token: createToken(),
      scope: origin.scope,
      leaseMs,
      claimMs,
      commandTimeoutMs,
    };
    const clock = this.#clock;
    const context: SourceContext = {
      dialect: eppo(),
      clock,
      random: Math.random,
      digest: async (...chunks) => {
        const hash = createHash("sha256");
        for (const chunk of chunks) hash.update(chunk);
        return new Uint8Array(hash.digest());
      },
      diagnostics: SILENT,
      current: () => this.#current,
    };
    const subscribers = new Subscribers();
    this.worker = new Worker({
      ...context,
      settings,
      origin,
      protocol: new Protocol(this.#link, namespace.shared, caller),
      subscribers,
      counters: this.counters,
    });
    const startedAtMs = performance.now();
    const take = (payloads: PayloadSet): void => {
      this.#current = payloads;
      if (!this.#isKilled) onApply(this.worker.state.revision, startedAtMs);
    };
    const sink: SourceSink = {
      prepare: async (payloads) => ({ outcome: "changed", apply: () => take(payloads) }),
      async offer(payloads) {
        take(payloads);
        return { outcome: "applied" };
      },
      confirmed() {},
      failed() {},
      scheduled() {},
      idle() {},
    };
    this.worker.add(sink, context);
  }

  get isLeader(): boolean {
    return this.worker.state.role === "leader" && !this.#isKilled;
  }

  start(): void {
    void this.worker.start(() => true);
  }

  message(text: string): void {
    if (!this.#isKilled) this.worker.message(text);
  }

  /** Like SIGKILL: nothing is released, and nothing more is sent. */
  kill(): void {
    this.#isKilled = true;
    this.#link.isCut = true;
    this.#clock.stop();
    this.#onKill();
  }
}
