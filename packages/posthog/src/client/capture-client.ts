import type { Diagnostics } from "@sortition/core/client";
import type { PlainObject } from "@sortition/core/logger";
import { createClock, messageOf } from "@sortition/core/source";
import type { CaptureQueue, CaptureStats } from "../capture/capture-queue.js";
import type { CapturedEvent } from "../capture/event.js";
import { Scope } from "../context/scope.js";
import { currentScope, enter, runIn } from "../context/scopes.js";
import { BY_CALL, type Mechanism } from "../exceptions/exception-list.js";
import { VERSION } from "../version.js";
import {
  CAPTURE_OPTION_NAMES,
  type CaptureClientOptions,
  checkCaptureOptions,
  hooksOf,
  warnOfIdleOptions,
} from "./client-options.js";
import { createQueue } from "./create-queue.js";
import { debugDiagnostics } from "./debug-diagnostics.js";
import { type ClientEvent, Emitter } from "./emitter.js";
import { type CaptureCall, captureCall, copied, EventBuilder } from "./event-builder.js";
import { ClientExceptions } from "./exceptions-of-client.js";
import type { FeatureFlagSnapshot } from "./flag-snapshot.js";
import { ingestionHost } from "./host.js";
import { LIBRARY } from "./library.js";
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
} from "./messages.js";
import { aliasEvent, groupEvent, identifyEvent } from "./named-events.js";
import { PendingPromises } from "./pending-promises.js";
import { stackOfCaller } from "./stack-of-caller.js";
import { isUuid, uuidv7 } from "./uuid-v7.js";
import { WaitUntil } from "./wait-until.js";

const FLUSH_TIMEOUT_MS = 30_000;
const SHUTDOWN_TIMEOUT_MS = 30_000;

/** How an event is sent. */
interface Way {
  readonly type: "capture" | "identify" | "alias";
  readonly isImmediate: boolean;
  /** Whether the event gets the properties of the client and of the context. */
  readonly hasContext: boolean;
  readonly members?: PlainObject;
}

const CAPTURE: Way = { type: "capture", isImmediate: false, hasContext: true };

/** The capturing half of a PostHog client: events, persons, groups, exceptions and contexts. */
export class CaptureClient {
  /** The project's token. */
  readonly apiKey: string;
  /** Origin of the server, without a slash at its end. */
  readonly host: string;
  protected readonly diagnostics: Diagnostics;
  protected readonly emitter: Emitter;
  readonly #options: CaptureClientOptions;
  readonly #clock = createClock();
  readonly #builder: EventBuilder;
  readonly #queue: CaptureQueue;
  readonly #releaseConnections: () => void;
  readonly #exceptions: ClientExceptions;
  readonly #pending = new PendingPromises();
  readonly #waitUntil: WaitUntil | null;
  readonly #isDisabled: boolean;
  #isOptedOut: boolean;
  #stopDebugging: (() => void) | null = null;
  #shutdown: Promise<void> | null = null;

  /**
   * @param apiKey - the project's token; blank: a client that does nothing.
   * @param known - names of all options of the whole client.
   * @throws OptionError for a bad value.
   */
  constructor(
    apiKey: string,
    options: CaptureClientOptions = {},
    known: readonly string[] = CAPTURE_OPTION_NAMES,
  ) {
    checkCaptureOptions(options);
    this.apiKey = typeof apiKey === "string" ? apiKey.trim() : "";
    this.host = ingestionHost(options.host);
    this.#options = options;
    this.diagnostics = debugDiagnostics(() => this.isDebug);
    this.emitter = new Emitter(this.diagnostics);
    warnOfIdleOptions(options, known, this.diagnostics);
    if (this.apiKey === "") this.diagnostics.error("no project token: the client does nothing");
    this.#isDisabled = options.disabled === true || this.apiKey === "";
    this.#isOptedOut = options.defaultOptIn === false;
    this.#builder = new EventBuilder(eventSettings(options), this.#clock, this.diagnostics);
    const { apiKey: token, diagnostics, emitter, host } = this;
    const parts = { apiKey: token, host, options, clock: this.#clock, diagnostics, emitter };
    const { queue, release } = createQueue(parts);
    this.#queue = queue;
    this.#releaseConnections = release;
    this.#exceptions = new ClientExceptions(options, this.#clock, this.diagnostics);
    this.#waitUntil = this.#createWaitUntil();
    if (!this.#isDisabled) {
      this.#exceptions.listen(
        (thrown, mechanism) => this.#captureUncaught(thrown, mechanism),
        () => this.flush(),
      );
    }
  }

  /** Captures an event, which is sent later. Never throws. */
  capture(message: EventMessage): void {
    void this.#send(message, CAPTURE);
  }

  /** Sends an event in a request of its own, and resolves when that has ended. Never rejects. */
  async captureImmediate(message: EventMessage): Promise<void> {
    await this.#send(message, { ...CAPTURE, isImmediate: true });
  }

  /** Captures anything that was thrown, each time it is called. Never throws. */
  captureException(
    error: unknown,
    distinctId?: string,
    additionalProperties?: Properties,
    uuid?: string,
    flags?: FeatureFlagSnapshot,
  ): void {
    const callStack = stackOfCaller(this.captureException);
    const message = { distinctId, properties: additionalProperties, uuid, flags };
    void this.#sendException(error, message, callStack, CAPTURE);
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
    await this.#sendException(error, message, callStack, { ...CAPTURE, isImmediate: true });
  }

  /** Sets properties of a person. */
  identify(message: IdentifyMessage): void {
    void this.#send(identifyEvent(message), { ...IDENTIFY, isImmediate: false });
  }

  /** Like {@link identify}, in a request of its own. */
  async identifyImmediate(message: IdentifyMessage): Promise<void> {
    await this.#send(identifyEvent(message), { ...IDENTIFY, isImmediate: true });
  }

  /** Gives a person another name. */
  alias(message: AliasMessage): void {
    void this.#send(aliasEvent(message), { ...ALIAS, isImmediate: false });
  }

  /** Like {@link alias}, in a request of its own. */
  async aliasImmediate(message: AliasMessage): Promise<void> {
    await this.#send(aliasEvent(message), { ...ALIAS, isImmediate: true });
  }

  /** Sets properties of a group. */
  groupIdentify(message: GroupIdentifyMessage): void {
    void this.#send(groupEvent(message), { ...GROUP, isImmediate: false });
  }

  /** Like {@link groupIdentify}, in a request of its own. */
  async groupIdentifyImmediate(message: GroupIdentifyMessage): Promise<void> {
    await this.#send(groupEvent(message), { ...GROUP, isImmediate: true });
  }

  /** Sets properties of a person; sends nothing if there are none. */
  setPersonProperties(message: SetPersonPropertiesMessage): void {
    const { distinctId, properties = {}, propertiesOnce = {} } = message;
    const hasOwn = Object.keys(properties).length > 0;
    const hasOnce = Object.keys(propertiesOnce).length > 0;
    if (!hasOwn && !hasOnce) return;
    this.capture({
      distinctId,
      event: "$set",
      properties: {
        ...(hasOwn ? { $set: properties } : {}),
        ...(hasOnce ? { $set_once: propertiesOnce } : {}),
      },
    });
  }

  /** Removes properties of a person; sends nothing if there are none. */
  unsetPersonProperties({ distinctId, properties }: UnsetPersonPropertiesMessage): void {
    const names = [properties].flat().filter((it) => typeof it === "string" && it.trim() !== "");
    if (names.length > 0) {
      this.capture({ distinctId, event: "$set", properties: { $unset: names } });
    }
  }

  /** Adds properties to every event from now on. */
  register(properties: Properties): void {
    Object.assign(this.#builder.superProperties, copied(properties));
  }

  /** Adds a property of {@link register} no longer. */
  unregister(name: string): void {
    Reflect.deleteProperty(this.#builder.superProperties, name);
  }

  /** Runs a function with values for all events that it and what it starts capture. */
  withContext<T>(data: ContextData, work: () => T, options: ContextOptions = {}): T {
    return runIn(scopeOf(data, options), work);
  }

  /** Sets values for all events of the rest of the code that runs, and of what it starts. */
  enterContext(data: ContextData, options: ContextOptions = {}): void {
    enter(scopeOf(data, options));
  }

  /** The values of the context; `undefined` outside all. */
  getContext(): ContextData | undefined {
    const scope = currentScope();
    if (scope === null) return undefined;
    const distinctId = scope.read("distinctId");
    const sessionId = scope.read("sessionId");
    return {
      ...(distinctId === undefined ? {} : { distinctId }),
      ...(sessionId === undefined ? {} : { sessionId }),
      properties: scope.tags(),
    };
  }

  /** Sets the device of the context; `undefined`: leaves it as it is. Without a context it has no effect. */
  setContextDeviceId(deviceId: string | undefined): void {
    if (deviceId !== undefined) currentScope()?.write("deviceId", deviceId);
  }

  /** Captures again. */
  async optIn(): Promise<void> {
    this.#isOptedOut = false;
  }

  /** Captures nothing until {@link optIn}. */
  async optOut(): Promise<void> {
    this.#isOptedOut = true;
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
    return this.#isOptedOut;
  }

  /** Whether the client does nothing: by its option, or without a project token. */
  get isDisabled(): boolean {
    return this.#isDisabled;
  }

  /** Writes everything that happens to stderr, or no longer. */
  debug(isEnabled = true): void {
    this.#stopDebugging?.();
    this.#stopDebugging = isEnabled
      ? this.emitter.onAny((event) => this.diagnostics.debug("client event", { event }))
      : null;
  }

  /** Whether {@link debug} is on. */
  get isDebug(): boolean {
    return this.#stopDebugging !== null;
  }

  /** Listens to `capture`, `identify`, `alias`, `flush`, `error`, … Returns what removes the listener. */
  on(event: ClientEvent, listener: (payload: unknown) => void): () => void {
    return this.emitter.on(event, listener);
  }

  /** Lets `flush` and `shutdown` wait for a promise, too. */
  addPendingPromise<T>(promise: Promise<T>): Promise<T> {
    return this.#pending.add(promise);
  }

  /** Sends what was captured so far. Rejects with what keeps events from being delivered. */
  async flush(): Promise<void> {
    await this.#pending.settled();
    const error = await this.#queue.flush(FLUSH_TIMEOUT_MS);
    if (error !== null && error !== undefined) throw error;
  }

  /**
   * Sends what was captured, and ends the client. What cannot be sent in time is dropped and counted. Never
   * rejects; a second call returns the first one's promise.
   */
  shutdown(timeoutMs: number = SHUTDOWN_TIMEOUT_MS): Promise<void> {
    this.#shutdown ??= this.#end(timeoutMs);
    return this.#shutdown;
  }

  /** Counters of the events. */
  stats(): CaptureStats {
    return this.#queue.stats();
  }

  /** Name of the library, as events have it. */
  getLibraryId(): string {
    return LIBRARY;
  }

  /** Version of the library, as events have it. */
  getLibraryVersion(): string {
    return VERSION;
  }

  /** @internal Whether the Express set-ups remove fragments of URLs. */
  get hidesUrlHashes(): boolean {
    return this.#options.disable_capture_url_hashes === true;
  }

  /**
   * @internal Captures an error that a web framework passes on.
   *
   * @param properties - asked for while the error is described.
   */
  captureFromMiddleware(
    error: unknown,
    distinctId: string | undefined,
    properties: () => Promise<Properties>,
  ): void {
    const callStack = stackOfCaller(this.captureFromMiddleware);
    void this.#sendException(error, { distinctId }, callStack, CAPTURE, MIDDLEWARE, properties());
  }

  /** Values of flags for an event that asks for them; the half that evaluates flags overrides it. */
  protected async flagsForEvent(
    _distinctId: string | undefined,
    _message: EventMessage,
    _options: SendFeatureFlagsOptions,
  ): Promise<Readonly<Record<string, boolean | string>> | null> {
    return null;
  }

  /** Ends what the half that evaluates flags has started. */
  protected async stopFlags(_timeoutMs: number): Promise<void> {}

  /** Follows the server's gate for short `$feature_flag_called` events. */
  protected useMinimalEvents(hasMinimalEvents: boolean): void {
    this.#builder.hasMinimalEvents = hasMinimalEvents;
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
    const uuid = isUuid(message.uuid) ? message.uuid : uuidv7();
    const way = { ...CAPTURE, hasContext: members === undefined, members: copied(members) };
    const distinctId = message.distinctId || currentScope()?.read("distinctId");
    const own = {
      ...message,
      uuid,
      distinctId: distinctId || (isPersonful ? uuidv7() : undefined),
    };
    const { accepted } = this.#queue.stats();
    void this.#send(own, way);
    const isAsked = message.sendFeatureFlags !== undefined && message.sendFeatureFlags !== false;
    return isAsked || this.#queue.stats().accepted > accepted ? uuid : undefined;
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
    if (this.#isDisabled || this.#isOptedOut) return undefined;
    const uuid = isUuid(message.uuid) ? message.uuid : uuidv7();
    const callStack = stackOfCaller(caller);
    void this.#sendException(error, { ...message, uuid }, callStack, CAPTURE);
    return uuid;
  }

  /** @internal Begins to read local variables of errors. */
  readVariables(): void {
    this.#exceptions.readVariables();
  }

  async #send(message: EventMessage, way: Way): Promise<void> {
    try {
      if (this.#isDisabled || this.#isOptedOut) return;
      const call = this.#callOf(message, way);
      if (call === null) return;
      const prepared = this.#builder.prepare(call);
      if (prepared === null) return;
      const { sendFeatureFlags } = message;
      const isAsked = sendFeatureFlags !== undefined && sendFeatureFlags !== false;
      if (isAsked && call.flagValues === null) {
        const options = typeof sendFeatureFlags === "object" ? sendFeatureFlags : {};
        const asking = this.flagsForEvent(prepared.distinctId, message, options).catch(() => null);
        const flagValues = await this.addPendingPromise(asking);
        await this.#queueOrSend(this.#builder.finish({ ...call, flagValues }, prepared), way);
      } else await this.#queueOrSend(this.#builder.finish(call, prepared), way);
    } catch (cause) {
      this.diagnostics.error("an event could not be captured", { reason: messageOf(cause) });
    }
  }

  #callOf(message: EventMessage, { hasContext, members }: Way): CaptureCall | null {
    if (typeof message !== "object" || message === null || typeof message.event !== "string") {
      this.diagnostics.warn("capture expects an object with the name of an event");
      return null;
    }
    return captureCall(message, currentScope(), {
      hasContext,
      ...(members === undefined ? {} : { members }),
    });
  }

  #queueOrSend(event: CapturedEvent, { type, isImmediate }: Way): Promise<unknown> | undefined {
    this.emitter.emit(type, event);
    if (isImmediate) return this.addPendingPromise(this.#queue.sendNow(event));
    this.#queue.add(event);
    this.#waitUntil?.touch();
    return undefined;
  }

  async #sendException(
    error: unknown,
    message: Omit<EventMessage, "event">,
    callStack: string | null,
    way: Way,
    mechanism: Mechanism = BY_CALL,
    further: Promise<Properties> | null = null,
  ): Promise<void> {
    if (this.#isDisabled) return;
    // The context of the call, not of the turn in which the source code has been read.
    const scope = currentScope();
    const describing = this.#exceptions.describe(error, mechanism, callStack);
    const sending = describing.then(async (description) => {
      if (isAutomatic(mechanism) && !this.#exceptions.allows(description)) return;
      const properties = { ...description, ...message.properties, ...(await further) };
      const send = () => this.#send({ ...message, event: "$exception", properties }, way);
      await (scope === null ? send() : runIn(scope, send));
    });
    await this.addPendingPromise(sending).catch((cause: unknown) => {
      this.diagnostics.error("an exception could not be captured", { reason: messageOf(cause) });
    });
  }

  #captureUncaught(thrown: unknown, mechanism: Mechanism): void {
    void this.#sendException(thrown, {}, null, CAPTURE, mechanism);
  }

  async #end(timeoutMs: number): Promise<void> {
    const startedAtMs = this.#clock.monotonicMs();
    const leftMs = (): number => Math.max(0, timeoutMs - (this.#clock.monotonicMs() - startedAtMs));
    const limit = <T>(work: Promise<T>): Promise<unknown> => {
      let cancel = (): void => {};
      const expired = new Promise<void>((resolve) => {
        cancel = this.#clock.setTimer(resolve, leftMs(), { holdsProcess: true });
      });
      return Promise.race([work, expired]).finally(cancel);
    };
    this.#exceptions.stop();
    await limit(this.stopFlags(timeoutMs).catch(() => {}));
    await limit(this.#pending.settled());
    await this.#queue.close(leftMs());
    this.#releaseConnections();
    this.#waitUntil?.end();
  }

  #createWaitUntil(): WaitUntil | null {
    const { waitUntil, waitUntilDebounceMs = 50, waitUntilMaxWaitMs = 500 } = this.#options;
    if (waitUntil === undefined) return null;
    const times = { debounceMs: waitUntilDebounceMs, maxWaitMs: waitUntilMaxWaitMs };
    return new WaitUntil(waitUntil, () => this.flush().catch(() => {}), times, this.#clock);
  }
}

/** Only what nobody catches is limited: it may come without end. */
function isAutomatic({ type }: Mechanism): boolean {
  return type === "onuncaughtexception" || type === "onunhandledrejection";
}

const MIDDLEWARE: Mechanism = { type: "middleware", handled: false };
const IDENTIFY = { type: "identify", hasContext: false } as const;
const ALIAS = { type: "alias", hasContext: false } as const;
const GROUP = { type: "capture", hasContext: false } as const;

function scopeOf(data: ContextData, { fresh = false, signal }: ContextOptions): Scope {
  const { distinctId, sessionId, properties } = data;
  return new Scope(
    currentScope(),
    { isFresh: fresh, signal },
    { distinctId, sessionId },
    properties,
  );
}

function eventSettings(options: CaptureClientOptions) {
  return {
    library: LIBRARY,
    version: VERSION,
    isServer: options.isServer ?? true,
    disableGeoip: options.disableGeoip ?? true,
    privacyMode: options.privacyMode === true,
    beforeSend: hooksOf(options),
    marksBots: options.__preview_capture_bot_pageviews === true,
    customBots: options.custom_blocked_useragents ?? [],
  };
}
