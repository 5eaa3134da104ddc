import { setImmediate as nextTurn } from "node:timers/promises";
import {
  type AbortSignalLike,
  type ConfigurationOrigin,
  type ConfigurationSource,
  type Dialect,
  type Failure,
  type FetchResult,
  NetworkError,
  type Payload,
  type PayloadSet,
  type SourceSink,
} from "@sortition/core/internal";
import { createFakeClock, type FakeClock } from "@sortition/test-kit";
import type { OpenHow, StreamLink, StreamPlan } from "../../src/source/stream-plan.js";
import { streamedOrigin } from "../../src/source/streamed-origin.js";
import { streamingSource } from "../../src/source/streaming-source.js";

/**
 * The server's flags, each with the version of its last change. Versions increase across all flags.
 */
export type Versions = Readonly<Record<string, number>>;

/** The differences between vendors' streams. */
export interface Variant
  extends Pick<StreamPlan, "startsWith" | "onGarbage" | "readyMs" | "silenceMs"> {
  readonly completes: boolean;
  readonly lifeMs: number | null;
  /** Whether connections that are cut reconnect on their own. */
  readonly selfReopening: boolean;
  /** Whether aborted requests are answered anyway. */
  readonly isDeaf: boolean;
}

export const INTERVAL_MS = 30_000;
/** Interval at which the server keeps connections alive, shorter than the silence after which they are replaced. */
const PING_MS = 10_000;
const FAILURE: Failure = {
  kind: "transient",
  error: new NetworkError("lost", null),
  retryAfterMs: null,
};

interface Request {
  /** Content of the response: the state at the start of the request. */
  readonly versions: Versions;
  readonly signal: AbortSignalLike;
  end(result: FetchResult): void;
}

interface Connection {
  readonly link: StreamLink;
  readonly how: OpenHow;
  state: "opening" | "open" | "interrupted" | "closed";
  /**
   * The latest change when the server accepted the connection without sending anything. Later
   * changes are sent when it starts to.
   */
  muteSince?: number | undefined;
}

interface Change {
  readonly id: number;
  readonly data: string;
}

/**
 * A server with requests and a stream, and a client that accepts offers when the test tells it to.
 * Events are received immediately, and a response has the state at the start of its request.
 */
export class ScriptedWorld {
  readonly clock: FakeClock = createFakeClock();
  readonly source: ConfigurationSource;
  readonly requests: Request[] = [];
  readonly connections: Connection[] = [];
  /** Sets that the client accepted, in order. */
  readonly served: Versions[] = [];
  readonly confirmations: Versions[] = [];
  readonly reports: string[] = [];
  requested = 0;
  /** Maximum number of concurrent requests whose result is wanted. */
  peak = 0;
  readonly #variant: Variant;
  readonly #changes: Change[] = [];
  readonly #offers: (() => void)[] = [];
  readonly #completions: (() => void)[] = [];
  #versions: Record<string, number> = { a: 0, b: 0, c: 0 };
  #version = 0;
  #current: PayloadSet | null = null;
  #leave: (() => Promise<void>) | null = null;

  constructor(variant: Variant) {
    this.#variant = variant;
    this.source = streamingSource(streamedOrigin(this.#origin(), this.#plan()), {
      pollIntervalMs: INTERVAL_MS,
    });
  }

  get versions(): Versions {
    return { ...this.#versions };
  }

  get openConnections(): readonly Connection[] {
    return this.connections.filter(({ state }) => state !== "closed");
  }

  /** Adds a client, which replaces the previous one. */
  join(): void {
    void this.leave();
    this.#current = null;
    this.#offers.length = 0;
    this.#completions.length = 0;
    this.served.length = 0;
    const { clock, source } = this;
    const report = (message: string): void => void this.reports.push(message);
    const subscription = source.subscribe(this.#sink(), {
      dialect: DIALECT,
      clock,
      random: () => 0.5,
      digest: async (...chunks) => Buffer.concat(chunks),
      diagnostics: { debug() {}, info: report, warn: report, error: report },
      current: () => this.#current,
    });
    this.#leave = () => subscription.end({ signal: new AbortController().signal });
  }

  async leave(): Promise<void> {
    const leave = this.#leave;
    this.#leave = null;
    await leave?.();
  }

  publish(key: string, as: "patch" | "put" | "notice"): void {
    this.#version += 1;
    this.#versions[key] = this.#version;
    const patch = JSON.stringify({ [key]: this.#version });
    const change = {
      id: this.#version,
      data: as === "put" ? JSON.stringify(this.#versions) : patch,
    };
    this.#changes.push(change);
    for (const { link, state } of this.connections) {
      if (state !== "open") continue;
      if (as === "notice")
        link.event({ type: "changed", data: "", lastEventId: String(change.id) });
      else this.#send(link, as, change);
    }
  }

  /** Sends an unusable event, or one that only shows that the server is up. */
  chatter(type: "garbage" | "ping" | "other"): void {
    const [connection] = this.connections.filter(({ state }) => state === "open");
    connection?.link.event({ type, data: "", lastEventId: String(this.#version) });
  }

  accept(how: "open" | "mute" | "refuse"): void {
    const connection = this.connections.findLast(({ state }) => state === "opening");
    if (connection === undefined) return;
    if (how === "refuse") this.#end(connection);
    else {
      if (how === "mute") connection.muteSince ??= this.#version;
      connection.link.opened();
      if (how === "open") this.#speak(connection);
    }
  }

  /** Cuts the connection, or restores one that reconnects on its own. */
  cut(): void {
    const connection = this.connections.findLast(({ state }) => state === "open");
    if (connection === undefined) return;
    if (!this.#variant.selfReopening) this.#end(connection);
    else {
      connection.state = "interrupted";
      connection.link.down(FAILURE);
    }
  }

  repair(): void {
    const connection = this.connections.findLast(({ state }) => state === "interrupted");
    if (connection === undefined) return;
    connection.link.opened();
    this.#speak(connection, "");
  }

  answer(how: "ok" | "fail"): void {
    const request = this.requests.shift();
    if (request === undefined) return;
    const failed: FetchResult = { kind: "failed", failure: FAILURE };
    const ok: FetchResult = { kind: "payloads", payloads: payloadsOf(request.versions) };
    request.end(how === "ok" ? ok : failed);
  }

  /** Lets the client accept the oldest offer, or completes the parts that events lack. */
  take(): void {
    this.#offers.shift()?.();
  }

  completeNews(): void {
    this.#completions.shift()?.();
  }

  /** Lets everything happen that does not depend on time. */
  async settle(): Promise<void> {
    for (let i = 0; i < 3; i++) await nextTurn();
  }

  /** A period without faults, in which everything is answered and accepted. */
  async calm(ms: number): Promise<void> {
    for (let left = ms; left > 0; ) {
      await this.#answerAll();
      // The server keeps the connection alive.
      this.chatter("ping");
      const nextMs = Math.max(1, this.clock.pending[0]?.inMs ?? PING_MS);
      const stepMs = Math.min(left, PING_MS, nextMs);
      await this.clock.advance(stepMs);
      left -= stepMs;
    }
    await this.#answerAll();
  }

  async #answerAll(): Promise<void> {
    for (let i = 0; i < 12 && this.#goOn(); i++) await this.settle();
  }

  #goOn(): boolean {
    const isBusy = this.requests.length + this.#offers.length + this.#completions.length > 0;
    const isWaited = this.connections.some(
      ({ state }) => state === "opening" || state === "interrupted",
    );
    this.answer("ok");
    this.take();
    this.completeNews();
    this.accept("open");
    this.repair();
    return isBusy || isWaited;
  }

  #end(connection: Connection): void {
    connection.state = "closed";
    connection.link.ended(FAILURE);
  }

  /**
   * Sends the first event of a connection: the whole configuration, or the changes since an event.
   */
  #speak(connection: Connection, lastEventId = connection.how.lastEventId): void {
    if (connection.state === "closed") return;
    connection.state = "open";
    const { link } = connection;
    const sendSince = (version: number): number => {
      const missed = this.#changes.filter(({ id }) => id > version);
      for (const change of missed) {
        if (connection.state === "open") this.#send(link, "patch", change);
      }
      return missed.length;
    };
    if (lastEventId === "") {
      if (this.#variant.startsWith === "fetch") {
        sendSince(connection.muteSince ?? this.#version);
        connection.muteSince = undefined;
        return;
      }
      this.#send(link, "put", { id: this.#version, data: JSON.stringify(this.#versions) });
      return;
    }
    // A stream is up at its first payloads.
    if (sendSince(Number(lastEventId)) === 0) {
      this.#send(link, "patch", { id: Number(lastEventId), data: "{}" });
    }
  }

  #send(link: StreamLink, type: "put" | "patch", { data, id }: Change): void {
    link.event({ type, data, lastEventId: String(id) });
  }

  #origin(): ConfigurationOrigin {
    return {
      dialect: DIALECT,
      scope: "0123456789abcdef",
      fetchOnce: (_current, { signal }) =>
        new Promise((resolve) => {
          const abort = (): void => {
            const index = this.requests.indexOf(request);
            if (index !== -1) this.requests.splice(index, 1);
            request.end({ kind: "failed", failure: FAILURE });
          };
          const end = (result: FetchResult): void => {
            signal.removeEventListener("abort", abort);
            resolve(result);
          };
          const request: Request = { versions: this.versions, signal, end };
          this.requested += 1;
          this.requests.push(request);
          const wanted = this.requests.filter((it) => !it.signal.aborted).length;
          this.peak = Math.max(this.peak, wanted);
          if (this.#variant.isDeaf) return;
          signal.addEventListener("abort", abort);
        }),
    };
  }

  #plan(): StreamPlan {
    const { completes, lifeMs, ...variant } = this.#variant;
    return {
      ...variant,
      open: (link, how) => {
        const connection: Connection = { link, how, state: "opening" };
        this.connections.push(connection);
        return {
          close() {
            connection.state = "closed";
          },
        };
      },
      read: ({ data, type }, held) => {
        if (type === "garbage") throw new SyntaxError("a token of it");
        if (type === "ping") return { kind: "alive" };
        if (type === "changed") return { kind: "fetch" };
        if (type === "other") return { kind: "ignored" };
        const versions: Versions = JSON.parse(data);
        if (type === "put") {
          return { kind: "payloads", payloads: payloadsOf(versions), isWhole: true };
        }
        if (held === null) return { kind: "fetch" };
        return { kind: "payloads", payloads: payloadsOf({ ...versionsOf(held), ...versions }) };
      },
      ...(completes ? { complete: (payloads) => this.#complete(payloads) } : {}),
      ...(lifeMs === null ? {} : { lifeMs: () => lifeMs }),
      reopenMs: ({ inARow, wasUp }) => (wasUp ? 0 : Math.min(60_000, 1_000 * 2 ** inARow)),
    };
  }

  async #complete(payloads: PayloadSet): Promise<FetchResult> {
    await new Promise<void>((resolve) => void this.#completions.push(resolve));
    return { kind: "payloads", payloads };
  }

  #sink(): SourceSink {
    const take = (payloads: PayloadSet): void => {
      this.#current = payloads;
      this.served.push(versionsOf(payloads));
    };
    return {
      prepare: async () => ({ outcome: "unchanged" }),
      offer: (payloads) =>
        new Promise((resolve) => {
          this.#offers.push(() => {
            take(payloads);
            resolve({ outcome: "applied" });
          });
        }),
      confirmed: () => {
        if (this.#current !== null) this.confirmations.push(versionsOf(this.#current));
      },
      failed() {},
      scheduled() {},
      idle() {},
    };
  }
}

/** A dialect without members, because no source uses it. */
const DIALECT = { name: "scripted", endpoints: [] } as unknown as Dialect; // a source reads nothing else of it

function payloadsOf(versions: Versions): PayloadSet {
  const bytes = Buffer.from(JSON.stringify(versions));
  const flags: Payload = { part: "flags", bytes, etag: null, fetchedAtMs: 0, from: "network" };
  return [flags];
}

function versionsOf(payloads: PayloadSet): Versions {
  return JSON.parse(Buffer.from(payloads[0]?.bytes ?? "{}").toString());
}
