import {
  draw,
  type Failure,
  type NetworkError,
  type SourceContext,
  TimeoutError,
  Timer,
} from "@sortition/core/internal";
import { thrownFailure } from "../http/failure.js";
import type { StreamEvent } from "../http/stream/event-parser.js";
import { SilenceWatchdog } from "../http/stream/silence-watchdog.js";
import type {
  OpenConnection,
  OpenReason,
  StreamLink,
  StreamNews,
  StreamPlan,
} from "./stream-plan.js";

/** Meaning of an event to the stream's keeper. */
export type EventOutcome =
  | StreamNews["kind"]
  /** The event is unusable, so the connection is dropped. */
  | { readonly failure: Failure };

/** Dependencies and callbacks of a {@link StreamKeeper}. */
export interface StreamKeeperPorts extends Pick<SourceContext, "clock" | "random"> {
  /** Returns the id of the event from which a new connection may resume. */
  lastEventId(): string;
  event(event: StreamEvent): EventOutcome;
  /** Called when bytes were received. */
  alive(): void;
  /** Called when the stream starts to deliver changes. `after` is the previous state. */
  up(after: "start" | "replacement" | "loss"): void;
  /** Called once per outage, when the stream stops delivering changes. */
  down(failure: Failure): void;
}

/** Numbers of connections over all runs. */
export interface StreamCounts {
  opened: number;
  lost: number;
}

/**
 * Keeps a stream open according to its plan: limits silence and lifetime, and reopens lost
 * connections.
 */
export class StreamKeeper {
  readonly #plan: StreamPlan;
  readonly #ports: StreamKeeperPorts;
  readonly #counts: StreamCounts;
  /** `null` while there is no connection or it is being opened. */
  #connection: OpenConnection | null = null;
  /** Number of the current connection. Calls from earlier connections are ignored. */
  #turn = 0;
  /** Set while a time limit applies to the opening. */
  readonly #ready: Timer;
  readonly #life: Timer;
  readonly #reopening: Timer;
  #watchdog: SilenceWatchdog | null = null;
  #isOpen = false;
  #delivers = false;
  #isUp = false;
  /** Whether an outage was reported because the connection was lost or could not be opened. */
  #isDown = false;
  #failures = 0;

  constructor(plan: StreamPlan, ports: StreamKeeperPorts, counts: StreamCounts) {
    this.#plan = plan;
    this.#ports = ports;
    this.#counts = counts;
    this.#ready = new Timer(ports.clock);
    this.#life = new Timer(ports.clock);
    this.#reopening = new Timer(ports.clock);
  }

  /** Whether changes are delivered. Replacing a connection is not an interruption. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /**
   * Opens a connection, unless there is one, another is scheduled, or the plan forbids it.
   *
   * @returns `false` if the plan forbids it.
   */
  begin(): boolean {
    if (this.#isOpen || this.#reopening.isSet) return true;
    const mayOpen = this.#plan.mayOpen?.() ?? true;
    if (mayOpen) this.#open("start");
    return mayOpen;
  }

  /** Ends everything in the same turn. */
  close(): void {
    this.#drop();
    this.#reopening.cancel();
    this.#isUp = false;
  }

  #open(why: OpenReason): void {
    const { lifeMs, open } = this.#plan;
    const { lastEventId, random } = this.#ports;
    this.#isOpen = true;
    this.#delivers = false;
    const turn = this.#turn;
    const ifCurrent =
      <Args extends unknown[]>(call: (...args: Args) => void) =>
      (...args: Args): void => {
        if (turn === this.#turn) call(...args);
      };
    const link: StreamLink = {
      opened: ifCurrent(() => this.#opened()),
      alive: ifCurrent(() => this.#ports.alive()),
      event: ifCurrent((event) => this.#receive(event)),
      down: ifCurrent((failure) => this.#interrupted(failure)),
      ended: ifCurrent((failure) => this.#lose(failure)),
    };
    this.#armReady();
    if (lifeMs !== undefined) this.#life.set(lifeMs(draw(random)), () => this.#replace());
    try {
      const connection = open.call(this.#plan, link, { lastEventId: lastEventId(), why });
      // The connection may have ended before `open` returned.
      if (turn === this.#turn) this.#connection = connection;
      else connection.close();
    } catch (cause) {
      link.ended(thrownFailure(cause));
    }
  }

  #opened(): void {
    this.#hear();
    if (this.#plan.startsWith === "fetch") this.#deliver();
    else if (!this.#delivers && !this.#ready.isSet) this.#armReady();
  }

  #receive(event: StreamEvent): void {
    const turn = this.#turn;
    this.#ports.alive();
    const outcome = this.#ports.event(event);
    // The callback may have closed the keeper.
    if (turn !== this.#turn) return;
    if (typeof outcome === "object") this.#lose(outcome.failure);
    if (outcome === "payloads" || outcome === "alive") this.#hear();
    if (outcome === "payloads") this.#deliver();
  }

  #deliver(): void {
    this.#ready.cancel();
    if (this.#delivers) return;
    const after = this.#isUp ? "replacement" : this.#isDown ? "loss" : "start";
    if (after !== "replacement") this.#counts.opened += 1;
    this.#delivers = true;
    this.#failures = 0;
    this.#isUp = true;
    this.#isDown = false;
    this.#ports.up(after);
  }

  /** Handles a connection that was lost and reconnects on its own. */
  #interrupted(failure: Failure): void {
    this.#quiet();
    this.#noteDown(failure);
  }

  #lose(failure: Failure): void {
    const { random } = this.#ports;
    const wasUp = this.#isUp;
    this.#failures += 1;
    const inARow = this.#failures;
    this.#drop();
    const turn = this.#turn;
    this.#noteDown(failure);
    // The callback may have closed the keeper.
    if (turn !== this.#turn) return;
    const delayMs = this.#plan.reopenMs({ failure, wasUp, inARow }, draw(random));
    if (delayMs === 0) this.#open("lost");
    if (delayMs === null || delayMs === 0) return;
    this.#reopening.set(delayMs, () => this.#open("retry"));
  }

  #replace(): void {
    const { isUp } = this;
    this.#drop();
    this.#isUp = isUp;
    this.#open("replace");
  }

  #noteDown(failure: Failure): void {
    if (this.#isUp) this.#counts.lost += 1;
    this.#delivers = false;
    this.#isUp = false;
    if (this.#isDown) return;
    this.#isDown = true;
    this.#ports.down(failure);
  }

  #drop(): void {
    this.#turn += 1;
    this.#quiet();
    this.#life.cancel();
    this.#connection?.close();
    this.#connection = null;
    this.#isOpen = false;
  }

  /** Stops the timers of an open or opening connection. */
  #quiet(): void {
    this.#ready.cancel();
    this.#watchdog?.stop();
    this.#watchdog = null;
  }

  /** Records a sign of life. */
  #hear(): void {
    const { server, silenceMs } = this.#plan;
    if (silenceMs === null) return;
    if (this.#watchdog !== null) this.#watchdog.reset();
    else {
      const onSilence = (error: NetworkError): void => this.#lose(thrownFailure(error));
      this.#watchdog = new SilenceWatchdog(this.#ports.clock, { silenceMs, server }, onSilence);
    }
  }

  #armReady(): void {
    const { readyMs, server } = this.#plan;
    if (readyMs === null) return;
    const hint = server === undefined ? undefined : `no configuration from the stream of ${server}`;
    const late = (): void => this.#lose(thrownFailure(new TimeoutError("request", readyMs, hint)));
    this.#ready.set(readyMs, late);
  }
}
