import type { ServerResponse } from "node:http";
import type { Clock } from "@sortition/core";
import type { Environment, LoggedExposure } from "../environment/environment.js";

/** How often readers get something. */
const TICK_MS = 1_000;
/** A reader cannot follow more. All are counted. */
const MAX_SHOWN = 20;
/** Flags and variations that are counted one by one in a tick. */
const MAX_COUNTED = 1_000;
/** Ticks without an exposure after which an empty one says that the stream is alive. */
const QUIET_TICKS = 15;
/** A reader that has so much before it does not read. */
const MAX_PENDING_BYTES = 256 * 1_024;

/** What happened in a tick. */
interface Tick {
  readonly shown: readonly (LoggedExposure & { readonly atMs: number })[];
  /** By flag and variation, since the tick before. */
  readonly counts: readonly (LoggedExposure & { readonly count: number })[];
  /** Exposures that {@link counts} does not have. */
  readonly others: number;
}

/**
 * The exposures of one environment in this process, as they are logged: flag, variation and time, never the subject. Nothing is
 * done without readers, and for several readers everything is done once.
 */
export class LiveFeed {
  readonly #environment: Environment;
  readonly #clock: Clock;
  readonly #readers = new Set<ServerResponse>();
  #stop: (() => void) | null = null;
  #shown: Tick["shown"][number][] = [];
  #counts = new Map<string, Tick["counts"][number]>();
  #others = 0;
  #quietTicks = 0;

  constructor(environment: Environment, clock: Clock) {
    this.#environment = environment;
    this.#clock = clock;
  }

  /** Sends exposures to a response until one of the two ends. Its head has been sent. */
  add(reader: ServerResponse): void {
    this.#readers.add(reader);
    this.#stop ??= this.#start();
    reader.once("close", () => {
      this.#readers.delete(reader);
      if (this.#readers.size > 0) return;
      this.#stop?.();
      this.#stop = null;
    });
  }

  /** Ends the streams of all readers. */
  close(): void {
    for (const it of this.#readers) it.end();
  }

  #start(): () => void {
    const unsubscribe = this.#environment.onExposure((exposure) => this.#note(exposure));
    const cancel = this.#tickLater();
    return () => {
      unsubscribe();
      cancel();
      this.#takeTick();
    };
  }

  #tickLater(): () => void {
    let cancel = (): void => {};
    const next = (): void => {
      cancel = this.#clock.setTimer(tick, TICK_MS, { holdsProcess: false });
    };
    const tick = (): void => {
      next();
      this.#send();
    };
    next();
    return () => cancel();
  }

  #note(exposure: LoggedExposure): void {
    if (this.#shown.length < MAX_SHOWN) {
      this.#shown.push({ ...exposure, atMs: this.#clock.now() });
    }
    const name = JSON.stringify([exposure.flagKey, exposure.variation]);
    const known = this.#counts.get(name);
    if (known === undefined && this.#counts.size >= MAX_COUNTED) this.#others += 1;
    else this.#counts.set(name, { ...exposure, count: (known?.count ?? 0) + 1 });
  }

  #send(): void {
    const tick = this.#takeTick();
    this.#quietTicks = tick.counts.length === 0 ? this.#quietTicks + 1 : 0;
    if (this.#quietTicks % QUIET_TICKS !== 0) return;
    const event = Buffer.from(`data: ${JSON.stringify(tick)}\n\n`);
    for (const reader of this.#readers) {
      if (reader.writableLength > MAX_PENDING_BYTES) reader.destroy();
      else reader.write(event);
    }
  }

  #takeTick(): Tick {
    const tick = { shown: this.#shown, counts: [...this.#counts.values()], others: this.#others };
    this.#shown = [];
    this.#counts = new Map();
    this.#others = 0;
    return tick;
  }
}
