import type { Diagnostics } from "@sortition/core";
import {
  type Clock,
  createClock,
  keyFault,
  startDeadline,
  type VendorAny,
} from "@sortition/core/internal";
import { callAtExitWith, HttpTransport } from "@sortition/node/internal";
import { currentScope, enter, runIn } from "../context/scopes.js";
import { copied } from "../events/capture-call.js";
import type { CaptureClientOptions } from "../events/capture-client-options.js";
import type { CaptureQueue, CaptureStats } from "../events/capture-queue.js";
import { checkOwnOptions, warnOfIdleOptions } from "../events/client-options.js";
import type { CookieOptions } from "../events/cookies.js";
import { createQueue } from "../events/create-queue.js";
import { Emitter } from "../events/emitter.js";
import { EventBuilder, eventSettingsOf } from "../events/event-builder.js";
import {
  CAPTURE,
  EventPipeline,
  type FlagValues,
  type PipelineParts,
  type SendOptions,
} from "../events/event-pipeline.js";
import { ClientExceptions } from "../events/exceptions-of-client.js";
import { LIBRARY, LIBRARY_VERSION } from "../events/fields/library.js";
import { isUuid, uuidv7 } from "../events/fields/uuid-v7.js";
import type { FeatureFlagSnapshot } from "../events/flag-snapshot.js";
import type {
  AliasMessage,
  ContextData,
  ContextOptions,
  EventMessage,
  GroupIdentifyMessage,
  IdentifyMessage,
  Properties,
  SendFeatureFlagsOptions,
  SetPersonPropertiesMessage,
  UnsetPersonPropertiesMessage,
} from "../events/messages.js";
import {
  aliasEvent,
  groupEvent,
  identifyEvent,
  setEvent,
  unsetEvent,
} from "../events/named-events.js";
import { BY_CALL } from "../exceptions/exception-list.js";
import { type ChosenFetch, chosenFetch } from "../http/chosen-fetch.js";
import { ingestionHost, isHttpUrl } from "../http/host.js";
import { contextDataOf, scopeOf } from "./context-data.js";
import { debugDiagnostics } from "./debug-diagnostics.js";
import type { PostHogOptions } from "./posthog-options.js";
import { chosenSockets } from "./socket-options.js";
import { OPTION_NAMES, vendorOptions } from "./vendor-options.js";

/** Of a flush, and of a shutdown without a time of its own. */
const TIMEOUT_MS = 30_000;

/** The capturing half of a PostHog client: events, persons, groups, exceptions and contexts. */
export class CaptureClient {
  /** The project's token. */
  readonly apiKey: string;
  /** Origin of the server, without a slash at its end. */
  readonly host: string;
  protected readonly diagnostics: Diagnostics;
  protected readonly emitter: Emitter;
  protected readonly transport: HttpTransport;
  protected readonly chosenFetch: ChosenFetch;
  /** As they are used, with the vendor's meaning of odd values. */
  protected readonly used: PostHogOptions;
  // Fields are not `#private`: a `Proxy` around the client and `Object.create(client)` could not read those.
  protected readonly _clock: Clock = createClock();
  private readonly _builder: EventBuilder;
  private readonly _pipeline: EventPipeline;
  private readonly _queue: CaptureQueue;
  private readonly _exceptions: ClientExceptions;
  private readonly _isDisabled: boolean;
  /** What changes: in an object of its own, so that objects derived from the client share it. */
  private readonly _state: {
    isOptedOut: boolean;
    stopDebugging: (() => void) | null;
    ending: Promise<void> | null;
  } = { isOptedOut: false, stopDebugging: null, ending: null };

  /**
   * @param apiKey - the project's token; blank: a client that does nothing.
   * @throws OptionError for a bad value of an option that the vendor does not have.
   */
  constructor(apiKey: string, given: CaptureClientOptions = {}) {
    this.diagnostics = debugDiagnostics(() => this.isDebug);
    const options = vendorOptions(given, this.diagnostics);
    this.used = options;
    checkOwnOptions(options);
    this.apiKey = typeof apiKey === "string" ? apiKey.trim() : "";
    this.host = ingestionHost(options.host);
    this.emitter = new Emitter(this.diagnostics);
    warnOfIdleOptions(options, OPTION_NAMES, this.diagnostics);
    if (!isHttpUrl(this.host)) {
      // Without the value, which may contain a password.
      const wayOut = "write it with https://";
      this.diagnostics.warn(`host is not an http: or https: URL: nothing is sent; ${wayOut}`);
    }
    if (this.apiKey === "") {
      this.diagnostics.error(`no project token: the client does nothing; ${tokenHint(apiKey)}`);
    }
    for (const [name, key] of [
      ["the project token", this.apiKey],
      ["secretKey", options.secretKey],
      ["personalApiKey", options.personalApiKey],
    ] as const) {
      const fault = keyFault(key?.trim());
      if (fault !== null) this.diagnostics.warn(`${name} ${fault}`);
    }
    this._isDisabled = options.disabled === true || this.apiKey === "";
    this._state.isOptedOut = options.defaultOptIn === false;
    this._builder = new EventBuilder(eventSettingsOf(options), this.diagnostics);
    const { apiKey: token, diagnostics, emitter, host } = this;
    const { dispatcher, proxy } = options;
    // A dispatcher of the user's makes its own sockets.
    const sockets = dispatcher === undefined ? chosenSockets() : undefined;
    const addressOption = options.host ? "host" : null;
    const connections = { connections: null, proxy, dispatcher, sockets };
    this.transport = new HttpTransport(connections, addressOption);
    this.chosenFetch = chosenFetch(options, this.diagnostics);
    const { chosenFetch: fetch, transport } = this;
    const parts = { apiKey: token, host, options, clock: this._clock, diagnostics, emitter };
    this._queue = createQueue({ ...parts, fetch, transport });
    const project = `${token}@${host}`;
    this._exceptions = new ClientExceptions(options, this._clock, diagnostics, project);
    this._pipeline = this._createPipeline();
    if (!this._isDisabled) {
      callAtExitWith(this, CaptureClient._reportAtExit);
      this._exceptions.listen({
        capture: (thrown, mechanism) =>
          void this._pipeline.sendException(thrown, {}, { callStack: null, mechanism }),
        flush: () => this.flush(),
      });
    }
  }

  /** Captures an event, which is sent later. Never throws. */
  capture(message: EventMessage): void {
    this._pipeline.add(message, CAPTURE);
  }

  /** Sends an event in a request of its own, and resolves when that has ended. Never rejects. */
  async captureImmediate(message: EventMessage): Promise<void> {
    await this._pipeline.send(message, { ...CAPTURE, isImmediate: true });
  }

  /**
   * Captures anything that was thrown, unless it was captured by itself in this turn of the event loop. Never throws.
   */
  captureException(
    error: unknown,
    distinctId?: string,
    additionalProperties?: Properties,
    uuid?: string,
    flags?: FeatureFlagSnapshot,
  ): void {
    const callStack = stackOfCaller(this.captureException);
    const message = { distinctId, properties: additionalProperties, uuid, flags };
    void this._pipeline.sendException(error, message, { callStack });
  }

  /** Like {@link captureException}, in a request of its own. Resolves when that has ended. */
  async captureExceptionImmediate(
    error: unknown,
    distinctId?: string,
    additionalProperties?: Properties,
    flags?: FeatureFlagSnapshot,
  ): Promise<void> {
    const callStack = stackOfCaller(this.captureExceptionImmediate);
    const message = { distinctId, properties: additionalProperties, flags };
    const sendOptions = { ...CAPTURE, isImmediate: true };
    await this._pipeline.sendException(error, message, { callStack, sendOptions });
  }

  /** Sets properties of a person. */
  identify(message: IdentifyMessage): void {
    void this._send(identifyEvent(message), "identify");
  }

  /** Like {@link identify}, in a request of its own. */
  async identifyImmediate(message: IdentifyMessage): Promise<void> {
    await this._send(identifyEvent(message), "identify", true);
  }

  /** Gives a person another name. */
  alias(message: AliasMessage): void {
    void this._send(aliasEvent(message), "alias");
  }

  /** Like {@link alias}, in a request of its own. */
  async aliasImmediate(message: AliasMessage): Promise<void> {
    await this._send(aliasEvent(message), "alias", true);
  }

  /** Sets properties of a group. */
  groupIdentify(message: GroupIdentifyMessage): void {
    void this._send(groupEvent(message), "capture");
  }

  /** Like {@link groupIdentify}, in a request of its own. */
  async groupIdentifyImmediate(message: GroupIdentifyMessage): Promise<void> {
    await this._send(groupEvent(message), "capture", true);
  }

  /** Sets properties of a person; sends nothing if there are none. */
  setPersonProperties(message: SetPersonPropertiesMessage): void {
    const event = setEvent(message);
    if (event !== null) this.capture(event);
  }

  /** Removes properties of a person; sends nothing if there are none. */
  unsetPersonProperties(message: UnsetPersonPropertiesMessage): void {
    const event = unsetEvent(message);
    if (event !== null) this.capture(event);
  }

  /** Adds properties to every event from now on. */
  async register(properties: Properties): Promise<void> {
    this._pipeline.writeAll();
    this._builder.superProperties = { ...this._builder.superProperties, ...copied(properties) };
  }

  /** Adds a property of {@link register} no longer. */
  async unregister(name: string): Promise<void> {
    this._pipeline.writeAll();
    Reflect.deleteProperty(this._builder.superProperties, name);
  }

  /** Runs a function with values for all events that it and what it starts capture. */
  withContext<T>(data: ContextData, work: () => T, options: ContextOptions = {}): T {
    return runIn(scopeOf(data ?? {}, options ?? {}), work);
  }

  /** Sets values for all events of the rest of the code that runs, and of what it starts. */
  enterContext(data: ContextData, options: ContextOptions = {}): void {
    enter(scopeOf(data ?? {}, options ?? {}));
  }

  /** The values of the context; `undefined` outside all. */
  getContext(): ContextData | undefined {
    const scope = currentScope();
    return scope === null ? undefined : contextDataOf(scope);
  }

  /** Sets the device of the context; `undefined`: leaves it as it is. Without a context it has no effect. */
  setContextDeviceId(deviceId: string | undefined): void {
    if (deviceId !== undefined) currentScope()?.write("deviceId", deviceId);
  }

  /** Captures again. Without effect on a client that does nothing. */
  async optIn(): Promise<void> {
    if (!this._isDisabled) this._state.isOptedOut = false;
  }

  /** Captures nothing until {@link optIn}. Without effect on a client that does nothing. */
  async optOut(): Promise<void> {
    if (!this._isDisabled) this._state.isOptedOut = true;
  }

  /** Another name of {@link optIn}. */
  enable(): Promise<void> {
    return this.optIn();
  }

  /** Another name of {@link optOut}. */
  disable(): Promise<void> {
    return this.optOut();
  }

  /** Whether nothing is captured until `optIn`. */
  get optedOut(): boolean {
    return this._state.isOptedOut;
  }

  /** Whether the client does nothing: by its option, or without a project token. */
  get isDisabled(): boolean {
    return this._isDisabled;
  }

  /** Writes everything that happens to stderr, or no longer. */
  debug(isEnabled = true): void {
    this._state.stopDebugging?.();
    this._state.stopDebugging = isEnabled
      ? this.emitter.on("*", (event) => this.diagnostics.debug("client event", { event }))
      : null;
  }

  /** Whether {@link debug} is on. */
  get isDebug(): boolean {
    return this._state.stopDebugging !== null;
  }

  /**
   * Listens to `capture`, `identify`, `alias`, `flush`, `error`, … Returns what removes the listener.
   *
   * @param listener - gets the payload of the event.
   */
  on(event: string, listener: (...args: VendorAny[]) => void): () => void {
    return this.emitter.on(event, listener);
  }

  /** Lets `flush` and `shutdown` wait for a promise, too. */
  addPendingPromise<T>(promise: Promise<T>): Promise<T> {
    return this._pipeline.waitFor(promise);
  }

  /** Sends what was captured so far. Rejects with what keeps events from being delivered. */
  flush(): Promise<void> {
    this._captureWaiting();
    const flushing = this._flush();
    this._pipeline.keepAlive(flushing);
    return flushing;
  }

  private async _flush(): Promise<void> {
    const deadline = startDeadline(this._clock, TIMEOUT_MS);
    const error = await this._queue.flush(TIMEOUT_MS, () => {
      this._pipeline.writeAll();
      return deadline.limit(this._pipeline.settled());
    });
    deadline.end();
    if (error !== null && error !== undefined) throw error;
  }

  /**
   * Sends what was captured, and stops polling. What cannot be sent in time is dropped and counted. Call it once, before
   * the process exits, and {@link flush} per request: a client that is used afterwards warns once, and goes on without polls,
   * as the vendor's does. Never rejects; a call during another one returns its promise.
   */
  shutdown(timeoutMs: number = TIMEOUT_MS): Promise<void> {
    // Untyped programs give `null`, too.
    this._state.ending ??= this._end(timeoutMs ?? TIMEOUT_MS).finally(() => {
      this._state.ending = null;
    });
    return this._state.ending;
  }

  /** Counters of the events. */
  stats(): CaptureStats {
    this._pipeline.writeAll();
    return this._queue.stats();
  }

  /** Name of the library, as events have it. */
  getLibraryId(): string {
    return LIBRARY;
  }

  /** Version of the library, as events have it. */
  getLibraryVersion(): string {
    return LIBRARY_VERSION;
  }

  /** @internal How the Express set-ups read cookies; `null`: they do not. */
  get cookieOptions(): CookieOptions | null {
    const { readPostHogCookie: option } = this.used;
    return option === true ? {} : option || null;
  }

  /** @internal Whether the Express set-ups remove fragments of URLs. */
  get hidesUrlHashes(): boolean {
    return this.used.disable_capture_url_hashes === true;
  }

  /**
   * @internal Captures an error that a web framework passes on.
   *
   * @param properties - called while the error is described.
   */
  captureFromMiddleware(
    error: unknown,
    distinctId: string | undefined,
    properties: () => Promise<Properties>,
  ): void {
    const callStack = stackOfCaller(this.captureFromMiddleware);
    const mechanism = { type: "middleware", handled: false } as const;
    const options = { callStack, mechanism, further: properties() };
    void this._pipeline.sendException(error, { distinctId }, options);
  }

  /** Values of flags for an event that asks for them; the half that evaluates flags overrides it. */
  protected flagsForEvent(
    _distinctId: string | undefined,
    _message: EventMessage,
    _options: SendFeatureFlagsOptions,
  ): FlagValues | Promise<FlagValues | null> {
    return Promise.resolve(null);
  }

  /** Ends what the half that evaluates flags has started. */
  protected async stopFlags(_timeoutMs: number): Promise<void> {}

  /** Follows the server's gate for short `$feature_flag_called` events. */
  protected useMinimalEvents(hasMinimalEvents: boolean): void {
    this._builder.hasMinimalEvents = hasMinimalEvents;
  }

  /**
   * @internal Captures an event for a module function.
   *
   * @param members - of the event, beside `properties`: such an event has no properties of the context.
   * @returns the identifier of the event; `undefined` if it is dropped.
   */
  captureNow(
    message: EventMessage,
    members?: Properties,
    { isPersonful = false }: { readonly isPersonful?: boolean } = {},
  ): string | undefined {
    const options = { ...CAPTURE, hasContext: members === undefined, members: copied(members) };
    return this._pipeline.sendIdentified(message, options, isPersonful);
  }

  /**
   * @internal Captures what was thrown for a module function.
   *
   * @param caller - whose caller's stack a thrown value without one gets.
   * @returns the identifier of the event.
   */
  captureExceptionNow(
    error: unknown,
    message: Omit<EventMessage, "event">,
    caller: (...parts: never[]) => unknown = this.captureExceptionNow,
  ): string | undefined {
    if (this._isDisabled || this._state.isOptedOut) return undefined;
    if (!this._exceptions.takes(error, BY_CALL)) return undefined;
    const uuid = isUuid(message.uuid) ? message.uuid : uuidv7();
    const callStack = stackOfCaller(caller);
    void this._pipeline.sendException(error, { ...message, uuid }, { callStack });
    return uuid;
  }

  /** @internal Begins to read local variables of errors. */
  readVariables(): void {
    this._exceptions.readVariables();
  }

  /** Events of identities have nothing of the context. */
  private _send(
    message: EventMessage,
    type: SendOptions["type"],
    isImmediate = false,
  ): Promise<void> {
    return this._pipeline.send(message, { type, isImmediate, hasContext: false });
  }

  private _createPipeline(): EventPipeline {
    const parts: PipelineParts = {
      builder: this._builder,
      queue: this._queue,
      exceptions: this._exceptions,
      emitter: this.emitter,
      diagnostics: this.diagnostics,
      clock: this._clock,
      options: this.used,
      flagsForEvent: (distinctId, message, options) =>
        this.flagsForEvent(distinctId, message, options),
      isDisabled: this._isDisabled,
      isOptedOut: () => this._state.isOptedOut,
    };
    return new EventPipeline(parts, () => this._flush());
  }

  /** Captures the uncaught exceptions that wait for the end of the turn, so that they are sent now. */
  private _captureWaiting(): void {
    const waiting = this._exceptions.captureWaiting();
    if (waiting !== null) void this._pipeline.waitFor(waiting);
  }

  private async _end(timeoutMs: number): Promise<void> {
    const deadline = startDeadline(this._clock, timeoutMs);
    this._captureWaiting();
    this._exceptions.stop();
    this._pipeline.writeAll();
    await deadline.limit(this._pipeline.settled());
    // A cache that hangs takes no time from the events.
    const leftMs = deadline.remainingMs();
    const stopping = this.stopFlags(leftMs).catch(() => {});
    await Promise.all([deadline.limit(stopping), this._queue.drain(leftMs)]);
    // Flags that were ended may have captured events.
    this._pipeline.writeAll();
    if (this._queue.stats().queued > 0) await this._queue.drain(deadline.remainingMs());
    deadline.end();
    // Until then events are of calls that were made before.
    void stopping.then(() => this._queue.reportReuse());
    this.transport.release();
    this._pipeline.end();
  }

  /** A static function, because a closure of the constructor would keep the client alive. */
  private static _reportAtExit(client: CaptureClient): void {
    client._pipeline.writeAll();
    client._queue.reportAtExit();
  }
}

/** The stack from the caller of a function on, for thrown values without a stack. */
function stackOfCaller(called: (...parts: never[]) => unknown): string | null {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, called);
  return holder.stack ?? null;
}

/** @param given - what the constructor received in place of the token. */
function tokenHint(given: unknown): string {
  if (given === undefined || given === null || typeof given === "string") {
    return "is the variable that has it set?";
  }
  const received = Array.isArray(given)
    ? "an array"
    : `${typeof given === "object" ? "an" : "a"} ${typeof given}`;
  return `the first argument is ${received}, but it must be the token: new PostHog("phc_…", { host: "…" })`;
}
