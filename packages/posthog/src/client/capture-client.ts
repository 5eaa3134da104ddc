import type { Diagnostics } from "@sortition/core";
import {
  type Clock,
  createClock,
  keyFault,
  startDeadline,
  type VendorAny,
} from "@sortition/core/internal";
import { callAtExitWith, HttpTransport } from "@sortition/node/internal";
import { Contexts } from "../context/contexts.js";
import type { Scope } from "../context/scope.js";
import { projectKeyProblem } from "../dialect/project-key.js";
import { copied } from "../events/capture-call.js";
import type { CaptureClientOptions } from "../events/capture-client-options.js";
import type { CaptureQueue, CaptureStats } from "../events/capture-queue.js";
import { checkOwnOptions, warnOfIdleOptions } from "../events/client-options.js";
import type { CookieOptions } from "../events/cookies.js";
import { createQueue } from "../events/create-queue.js";
import { Emitter } from "../events/emitter.js";
import { EventBuilder } from "../events/event-builder.js";
import {
  CAPTURE,
  type CheckedCall,
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
import { chosenFetch } from "../http/chosen-fetch.js";
import { ingestionHost, isHttpUrl } from "../http/host.js";
import { createRequester, type Requester } from "../http/requester.js";
import { contextDataOf, scopeOf } from "./context-data.js";
import { debugDiagnostics } from "./debug-diagnostics.js";
import type { PostHogOptions } from "./posthog-options.js";
import { chosenSockets } from "./socket-options.js";
import { OPTION_NAMES, vendorOptions } from "./vendor-options.js";

/** Timeout of `flush`, and of `shutdown` without its own timeout. */
const TIMEOUT_MS = 30_000;
const BLANK_HINT = "is the environment variable that holds it set?";

/** The capturing part of a PostHog client: events, persons, groups, exceptions and contexts. */
export class CaptureClient {
  /** The project token. */
  readonly apiKey: string;
  /** Origin of the server, without a trailing slash. */
  readonly host: string;
  protected readonly diagnostics: Diagnostics;
  protected readonly emitter: Emitter;
  private readonly _transport: HttpTransport;
  protected readonly request: Requester;
  /** The options in use, in which odd values have the vendor's meaning. */
  protected readonly used: PostHogOptions;
  // Fields are not `#private`, because a `Proxy` around the client and `Object.create(client)` could not read those.
  protected readonly _clock: Clock = createClock();
  private readonly _contexts = new Contexts();
  private readonly _builder: EventBuilder;
  private readonly _pipeline: EventPipeline;
  private readonly _queue: CaptureQueue;
  private readonly _exceptions: ClientExceptions;
  private readonly _isDisabled: boolean;
  /** Mutable state is kept in a separate object, so that objects derived from the client share it. */
  private readonly _state: {
    isOptedOut: boolean;
    stopDebugging: (() => void) | null;
    ending: Promise<void> | null;
    dropExitReport: (() => void) | null;
  } = { isOptedOut: false, stopDebugging: null, ending: null, dropExitReport: null };

  /**
   * @param apiKey - the project token. If it is blank, the client does nothing.
   * @throws OptionError for an invalid value of an option that the vendor does not have.
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
      // The value is not printed, because it may contain a password.
      const wayOut = "write it with https://";
      this.diagnostics.warn(`host is not an http: or https: URL: nothing is sent; ${wayOut}`);
    }
    if (typeof given === "string") {
      const form = 'write new PostHog("phc_…", { host: "…" })';
      this.diagnostics.warn(`the options are a string, so ${this.host} is used: ${form}`);
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
    const problem = projectKeyProblem(this.apiKey);
    if (problem !== null) this.diagnostics.warn(`the project token: ${problem}`);
    if (options.host?.trim() === "") {
      this.diagnostics.warn(`host is blank, so ${this.host} is used: ${BLANK_HINT}`);
    }
    this._isDisabled = options.disabled === true || this.apiKey === "";
    this._state.isOptedOut = options.defaultOptIn === false;
    this._builder = new EventBuilder(options, this.diagnostics);
    const { apiKey: token, diagnostics, emitter, host } = this;
    const { dispatcher, proxy } = options;
    // A dispatcher from the user creates its own sockets.
    const sockets = dispatcher === undefined ? chosenSockets() : undefined;
    const addressOption = options.host ? "host" : null;
    const connections = { connections: null, proxy, dispatcher, sockets };
    this._transport = new HttpTransport(connections, addressOption);
    const fetch = chosenFetch(options, diagnostics);
    this.request = createRequester(this._transport, fetch, this._clock);
    const parts = { apiKey: token, host, options, clock: this._clock, diagnostics, emitter };
    this._queue = createQueue({ ...parts, request: this.request });
    const project = `${token}@${host}`;
    this._exceptions = new ClientExceptions({
      options,
      clock: this._clock,
      diagnostics,
      contexts: this._contexts,
      project,
    });
    this._pipeline = this._createPipeline();
    if (!this._isDisabled) {
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

  /** Sends an event in a separate request, and resolves when that has ended. Never rejects. */
  async captureImmediate(message: EventMessage): Promise<void> {
    await this._pipeline.send(message, { ...CAPTURE, isImmediate: true });
  }

  /** Captures any thrown value, unless autocapture captured it in this turn of the event loop. Never throws. */
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

  /** Like {@link captureException}, but in a separate request. Resolves when that has ended. */
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
    void this._send(identifyEvent(this._checked("identify", message)), "identify");
  }

  /** Like {@link identify}, but in a separate request. */
  async identifyImmediate(message: IdentifyMessage): Promise<void> {
    await this._send(identifyEvent(this._checked("identify", message)), "identify", true);
  }

  /** Gives a person another identifier. */
  alias(message: AliasMessage): void {
    void this._send(aliasEvent(this._checked("alias", message)), "alias");
  }

  /** Like {@link alias}, but in a separate request. */
  async aliasImmediate(message: AliasMessage): Promise<void> {
    await this._send(aliasEvent(this._checked("alias", message)), "alias", true);
  }

  /** Sets properties of a group. */
  groupIdentify(message: GroupIdentifyMessage): void {
    void this._send(groupEvent(this._checked("groupIdentify", message)), "capture");
  }

  /** Like {@link groupIdentify}, but in a separate request. */
  async groupIdentifyImmediate(message: GroupIdentifyMessage): Promise<void> {
    await this._send(groupEvent(this._checked("groupIdentify", message)), "capture", true);
  }

  /** Sets properties of a person. Sends nothing if there are none. */
  setPersonProperties(message: SetPersonPropertiesMessage): void {
    const event = setEvent(message);
    if (event !== null) this.capture(event);
  }

  /** Removes properties of a person. Sends nothing if there are none. */
  unsetPersonProperties(message: UnsetPersonPropertiesMessage): void {
    const event = unsetEvent(message);
    if (event !== null) this.capture(event);
  }

  /** Adds properties to all later events. */
  async register(properties: Properties): Promise<void> {
    this._pipeline.writeAll();
    this._builder.superProperties = { ...this._builder.superProperties, ...copied(properties) };
  }

  /** Stops adding a property set with {@link register}. */
  async unregister(name: string): Promise<void> {
    this._pipeline.writeAll();
    Reflect.deleteProperty(this._builder.superProperties, name);
  }

  /**
   * Runs a function in a context. Its values apply to all events captured by the function and by any work it starts.
   */
  withContext<T>(data: ContextData, work: () => T, options: ContextOptions = {}): T {
    return this._contexts.run(this._scopeOf(data, options), work);
  }

  /** Enters a context for the rest of the running code and any work it starts. */
  enterContext(data: ContextData, options: ContextOptions = {}): void {
    this._contexts.enter(this._scopeOf(data, options));
  }

  /** Returns the values of the context, or `undefined` outside of any context. */
  getContext(): ContextData | undefined {
    const scope = this._contexts.current();
    return scope === null ? undefined : contextDataOf(scope);
  }

  /** Sets the device of the context. `undefined` leaves it unchanged. Has no effect without a context. */
  setContextDeviceId(deviceId: string | undefined): void {
    if (deviceId !== undefined) this._contexts.current()?.write("deviceId", deviceId);
  }

  /** Starts capturing again. Has no effect on a disabled client. */
  async optIn(): Promise<void> {
    if (!this._isDisabled) this._state.isOptedOut = false;
  }

  /** Stops capturing until {@link optIn}. Has no effect on a disabled client. */
  async optOut(): Promise<void> {
    if (!this._isDisabled) this._state.isOptedOut = true;
  }

  /** Alias of {@link optIn}. */
  enable(): Promise<void> {
    return this.optIn();
  }

  /** Alias of {@link optOut}. */
  disable(): Promise<void> {
    return this.optOut();
  }

  /** Whether capturing is stopped until `optIn`. */
  get optedOut(): boolean {
    return this._state.isOptedOut;
  }

  /** Whether the client does nothing, because of its option or because it has no project token. */
  get isDisabled(): boolean {
    return this._isDisabled;
  }

  /** Turns logging of all client events to stderr on or off. */
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
   * Adds a listener for `capture`, `identify`, `alias`, `flush`, `error`, … Returns a function that removes it.
   *
   * @param listener - receives the payload of the event.
   */
  on(event: string, listener: (...args: VendorAny[]) => void): () => void {
    return this.emitter.on(event, listener);
  }

  /** Makes `flush` and `shutdown` also wait for this promise. */
  addPendingPromise<T>(promise: Promise<T>): Promise<T> {
    return this._pipeline.waitFor(promise);
  }

  /** Sends all captured events. Rejects with the reason why events cannot be delivered. */
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
   * Sends all captured events and stops polling. Events that cannot be sent in time are dropped and counted. Never
   * rejects. A call during another one returns the same promise.
   *
   * Call it once, before the process exits, and call {@link flush} after each request instead. A client that is used
   * after shutdown warns once and continues without polling, like the vendor's.
   */
  shutdown(timeoutMs: number = TIMEOUT_MS): Promise<void> {
    // Untyped callers may pass `null`.
    this._state.ending ??= this._end(timeoutMs ?? TIMEOUT_MS).finally(() => {
      this._state.ending = null;
    });
    return this._state.ending;
  }

  /** Returns the event counters. */
  stats(): CaptureStats {
    this._pipeline.writeAll();
    return this._queue.stats();
  }

  /** Returns the library's name, as sent with events. */
  getLibraryId(): string {
    return LIBRARY;
  }

  /** Returns the library's version, as sent with events. */
  getLibraryVersion(): string {
    return LIBRARY_VERSION;
  }

  /** @internal Its contexts, for the module functions. */
  get contexts(): Contexts {
    return this._contexts;
  }

  /** @internal How the Express functions read cookies. `null` if they do not. */
  get cookieOptions(): CookieOptions | null {
    const { readPostHogCookie: option } = this.used;
    return option === true ? {} : option || null;
  }

  /** @internal Whether the Express functions remove fragments from URLs. */
  get hidesUrlHashes(): boolean {
    return this.used.disable_capture_url_hashes === true;
  }

  /**
   * @internal Captures an error from a web framework.
   *
   * @param properties - called while the error is being described.
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

  /** Returns the flags for an event that requests them. The subclass that evaluates flags overrides this method. */
  protected flagsForEvent(
    _distinctId: string | undefined,
    _message: EventMessage,
    _options: SendFeatureFlagsOptions,
  ): FlagValues | Promise<FlagValues | null> {
    return Promise.resolve(null);
  }

  /** Stops everything that the subclass for flags has started. */
  protected async stopFlags(_timeoutMs: number): Promise<void> {}

  /** Applies the server's setting for short `$feature_flag_called` events. */
  protected useMinimalEvents(hasMinimalEvents: boolean): void {
    this._builder.hasMinimalEvents = hasMinimalEvents;
  }

  /**
   * @internal Captures an event for a module function.
   *
   * @param members - of the event, next to `properties`. If set, the event has no properties of the context.
   * @returns the identifier of the event, or `undefined` if it is dropped.
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
   * @internal Captures a thrown value for a module function.
   *
   * @param caller - a thrown value without a stack gets the stack of this function's caller.
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

  /** @internal Starts reading the local variables of errors. */
  readVariables(): void {
    this._exceptions.readVariables();
  }

  /** Untyped callers may pass `null`. */
  private _scopeOf(data: ContextData | null, options: ContextOptions | null): Scope {
    return scopeOf(this._contexts.current(), data ?? {}, options ?? {});
  }

  /** Identity events contain nothing from the context. */
  private _checked<Message>(call: CheckedCall, message: Message): Message {
    this._pipeline.checkMessage(call, message);
    return message;
  }

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
      contexts: this._contexts,
      emitter: this.emitter,
      diagnostics: this.diagnostics,
      clock: this._clock,
      options: this.used,
      flagsForEvent: (distinctId, message, options) =>
        this.flagsForEvent(distinctId, message, options),
      isDisabled: this._isDisabled,
      isOptedOut: () => this._state.isOptedOut,
      watchExit: () => {
        this._state.dropExitReport ??= callAtExitWith(this, CaptureClient._reportAtExit);
      },
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
    // Runs in parallel, so that a hanging cache takes no time from sending events.
    const leftMs = deadline.remainingMs();
    const stopping = this.stopFlags(leftMs).catch(() => {});
    await Promise.all([deadline.limit(stopping), this._queue.drain(leftMs)]);
    // Stopped evaluations may have captured events.
    this._pipeline.writeAll();
    if (this._queue.stats().queued > 0) await this._queue.drain(deadline.remainingMs());
    deadline.end();
    // Reuse after shutdown is reported only from here on, because any event captured so far belongs to a call made before it.
    void stopping.then(() => this._queue.reportReuse());
    this._transport.release();
    this._pipeline.end();
    // An event that was captured meanwhile may still be waiting. Later events start another watch.
    const { inFlight, queued } = this.stats();
    if (inFlight + queued > 0) return;
    this._state.dropExitReport?.();
    this._state.dropExitReport = null;
  }

  /** A static function, because a closure of the constructor would keep the client in memory. */
  private static _reportAtExit(client: CaptureClient): void {
    client._pipeline.writeAll();
    client._queue.reportAtExit();
  }
}

/** Returns the stack starting at the caller of a function, for thrown values without a stack. */
function stackOfCaller(called: (...parts: never[]) => unknown): string | null {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, called);
  return holder.stack ?? null;
}

/** @param given - what the constructor received instead of a token. */
function tokenHint(given: unknown): string {
  if (given === undefined || given === null || typeof given === "string") {
    return "is its environment variable set?";
  }
  const received = Array.isArray(given)
    ? "an array"
    : `${typeof given === "object" ? "an" : "a"} ${typeof given}`;
  return `the first argument is ${received}, but it must be the token: new PostHog("phc_…", { host: "…" })`;
}
