import {
  ErrorCode,
  type OpenFeatureEventEmitter,
  ProviderEvents,
  ProviderFatalError,
} from "@openfeature/server-sdk";
import { ClosedError, type ReadyResult, type SortitionError } from "@sortition/core";
import type { ProviderClient } from "./client.js";
import { checkClient } from "./options.js";

/** Creates the client that a provider owns, such as `() => createClient({ … })`. */
export type ClientFactory = () => ProviderClient | Promise<ProviderClient>;

/** In phase `waiting`, we emit only ERROR, because the SDK emits its own event once {@link Registration.start} settles. */
type Phase = "idle" | "waiting" | "failed" | "serving";

const CLOSE_TIMEOUT_MS = 5_000;

/** One registration, from `initialize` to `onClose`. Holds the client and emits its changes as events of the SDK. */
export class Registration {
  /** A given client is borrowed. A client that the factory creates is owned. */
  readonly #source: ProviderClient | ClientFactory;
  readonly #events: OpenFeatureEventEmitter;
  #client: ProviderClient | null;
  #phase: Phase = "idle";
  #isStale = false;
  #listening: (() => void)[] = [];
  /** Aborted when this registration ends. */
  #end = new AbortController();
  /** The start in progress; `null` if there is none. */
  #starting: Promise<void> | null = null;

  constructor(source: ProviderClient | ClientFactory, events: OpenFeatureEventEmitter) {
    this.#source = source;
    this.#events = events;
    this.#client = typeof source === "function" ? null : source;
  }

  /** The client that evaluates. */
  get client(): ProviderClient | null {
    return this.#client;
  }

  /** Whether its configuration is stale. */
  get isStale(): boolean {
    // Before a registration, no listener keeps #isStale up to date.
    return this.#phase === "idle" ? this.#client?.status.state === "stale" : this.#isStale;
  }

  /**
   * Resolves when there is a configuration to serve. A second call joins a start in progress.
   * Otherwise, it would create a client that is never closed.
   *
   * Emits ERROR before it rejects (specification 2.8.3). A `MultiProvider` notices the failure only
   * by this event. Without it, it would ignore the READY of a configuration that is received later.
   *
   * @throws ProviderFatalError if the key was rejected. Otherwise, throws the error that prevented
   * the configuration from loading.
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
    // A repeated registration reuses the client, even if it never became ready.
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

  /** The SDK reports READY one turn after `start` resolves, so STALE must wait for it. */
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
