import {
  ErrorCode,
  type OpenFeatureEventEmitter,
  ProviderEvents,
  ProviderFatalError,
} from "@openfeature/server-sdk";
import { ClosedError, type ReadyResult, type SortitionError } from "@sortition/core";
import type { ProviderClient } from "./client.js";
import type { Serving } from "./evaluations.js";
import { checkClient } from "./options.js";

/** Makes the client that a provider owns, such as `() => createClient({ … })`. */
export type ClientFactory = () => ProviderClient | Promise<ProviderClient>;

/** While `waiting` no event but ERROR is emitted: the SDK emits one when {@link Registration.start} has settled. */
type Phase = "idle" | "waiting" | "failed" | "serving";

const CLOSE_TIMEOUT_MS = 5_000;

/** The time between `initialize` and `onClose`: holds the client that evaluates, and emits its changes as events of the SDK. */
export class Registration implements Serving {
  /** A client is borrowed; one that the factory makes is owned. */
  readonly #source: ProviderClient | ClientFactory;
  readonly #events: OpenFeatureEventEmitter;
  #client: ProviderClient | null;
  #phase: Phase = "idle";
  #isStale = false;
  #listening: (() => void)[] = [];
  /** Aborted when this registration ends. */
  #end = new AbortController();
  /** Settles as the start that waits; `null`: none does. */
  #starting: Promise<void> | null = null;

  constructor(source: ProviderClient | ClientFactory, events: OpenFeatureEventEmitter) {
    this.#source = source;
    this.#events = events;
    this.#client = typeof source === "function" ? null : source;
  }

  get client(): ProviderClient | null {
    return this.#client;
  }

  get isStale(): boolean {
    // Without a registration nothing listens.
    return this.#phase === "idle" ? this.#client?.status.state === "stale" : this.#isStale;
  }

  /**
   * Resolves when there is a configuration to serve. Joins a start that waits for one: of two at once, one client would never
   * be closed.
   *
   * Emits ERROR before it rejects for want of a configuration (specification 2.8.3): a `MultiProvider` learns of the failure
   * by this event alone, and without it takes no notice of the READY of a configuration that arrives later.
   *
   * @throws ProviderFatalError if the key was refused; else the error due to which there is none.
   */
  start(): Promise<void> {
    if (this.#starting !== null) return this.#starting;
    const starting = this.#start().finally(() => {
      if (this.#starting === starting) this.#starting = null;
    });
    this.#starting = starting;
    return starting;
  }

  async #start(): Promise<void> {
    this.#stopListening();
    const end = new AbortController();
    this.#end = end;
    this.#phase = "waiting";
    const client = await this.#open(end.signal);
    this.#listen(client);
    const result = await client.waitForInitialization({ signal: end.signal });
    if (end.signal.aborted) throw new ClosedError();
    this.#phase = result.ready ? "serving" : "failed";
    if (!result.ready) {
      const failure = failureOf(result);
      this.#reportError(failure, failure instanceof ProviderFatalError);
      throw failure;
    }
    this.#isStale = client.status.state === "stale";
    if (this.#isStale) this.#reportStaleAfterReady(end.signal);
  }

  async end(): Promise<void> {
    this.#end.abort();
    this.#starting = null;
    this.#stopListening();
    this.#phase = "idle";
    if (typeof this.#source !== "function") return;
    const client = this.#client;
    this.#client = null;
    await client?.close({ timeoutMs: CLOSE_TIMEOUT_MS });
  }

  async #open(end: AbortSignal): Promise<ProviderClient> {
    if (typeof this.#source !== "function") return checkClient(this.#source);
    // A repeated registration uses the same client, even one that did not become ready.
    if (this.#client !== null) return checkClient(this.#client);
    const client = checkClient(await this.#source());
    if (end.aborted) {
      await client.close({ timeoutMs: CLOSE_TIMEOUT_MS });
      throw new ClosedError();
    }
    this.#client = client;
    return client;
  }

  #listen(client: ProviderClient): void {
    this.#listening = [
      client.on("configuration-changed", ({ flagsChanged, previousRevision }) => {
        if (this.#phase !== "serving" || previousRevision === null) return;
        const { added, changed, removed } = flagsChanged;
        this.#events.emit(ProviderEvents.ConfigurationChanged, {
          flagsChanged: [...added, ...changed, ...removed],
        });
      }),
      client.on("stale", () => {
        this.#isStale = true;
        if (this.#phase === "serving") this.#events.emit(ProviderEvents.Stale, {});
      }),
      client.on("fresh", () => {
        this.#isStale = false;
        if (this.#phase === "serving") this.#events.emit(ProviderEvents.Ready, {});
      }),
      client.on("ready", () => {
        if (this.#phase !== "failed") return;
        this.#phase = "serving";
        this.#events.emit(ProviderEvents.Ready, {});
      }),
      client.on("error", ({ error }) => {
        if (this.#phase !== "failed") return;
        this.#reportError(error, isFatal(error));
      }),
    ];
  }

  #reportError({ message }: Error, isFatal: boolean): void {
    const errorCode = isFatal ? ErrorCode.PROVIDER_FATAL : ErrorCode.GENERAL;
    this.#events.emit(ProviderEvents.Error, { message, errorCode });
  }

  #stopListening(): void {
    for (const stop of this.#listening) stop();
    this.#listening = [];
  }

  /** The SDK reports READY in the turn after `start` has resolved. */
  #reportStaleAfterReady(end: AbortSignal): void {
    setTimeout(() => {
      if (!end.aborted && this.#isStale) this.#events.emit(ProviderEvents.Stale, {});
    }, 0);
  }
}

function failureOf({ error, reason }: Extract<ReadyResult, { readonly ready: false }>): Error {
  const failure = error ?? new Error(`there is no configuration: ${reason}`);
  if (reason !== "unauthorized") return failure;
  return new ProviderFatalError(failure.message, { cause: failure });
}

function isFatal(error: SortitionError): boolean {
  return error.code === "SORTITION_UNAUTHORIZED";
}
