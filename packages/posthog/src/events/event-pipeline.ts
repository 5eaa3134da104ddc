import type { Diagnostics } from "@sortition/core";
import { type Clock, messageOf, OncePerCause, type PlainObject } from "@sortition/core/internal";
import type { Scope } from "../context/scope.js";
import { currentScope } from "../context/scopes.js";
import { BY_CALL, type Mechanism } from "../exceptions/exception-list.js";
import { type CaptureCall, captureCall } from "./capture-call.js";
import type { CaptureClientOptions } from "./capture-client-options.js";
import type { CaptureQueue } from "./capture-queue.js";
import type { Emitter } from "./emitter.js";
import type { CapturedEvent } from "./event.js";
import type { EventBuilder } from "./event-builder.js";
import type { ClientExceptions } from "./exceptions-of-client.js";
import { isUuid, uuidv7 } from "./fields/uuid-v7.js";
import type { EventMessage, Properties, SendFeatureFlagsOptions } from "./messages.js";
import { PendingPromises } from "./pending-promises.js";
import { WaitUntil } from "./wait-until.js";

export interface SendOptions {
  readonly type: "capture" | "identify" | "alias";
  /** Whether it is sent at once, in a request of its own. */
  readonly isImmediate: boolean;
  /** Whether the event gets the properties of the client and of the context. */
  readonly hasContext: boolean;
  /** Of the event, beside `properties`. */
  readonly members?: PlainObject;
}

/** Of an event that waits for a batch. */
export const CAPTURE: SendOptions = { type: "capture", isImmediate: false, hasContext: true };

const OPTED_OUT = "Library is disabled. Not sending event. To re-enable, call posthog.optIn()";

/** Values of flags by their keys. */
export type FlagValues = Readonly<Record<string, boolean | string>>;

/**
 * Values of flags for an event that asks for them; `null`: there are none. Not a promise if they are known already. The
 * promise may reject.
 */
export type FlagsForEvent = (
  distinctId: string | undefined,
  message: EventMessage,
  options: SendFeatureFlagsOptions,
) => FlagValues | Promise<FlagValues | null>;

export interface ExceptionOptions {
  /** Stack of the call, for thrown values that have none. */
  readonly callStack: string | null;
  readonly sendOptions?: SendOptions;
  readonly mechanism?: Mechanism;
  /** Further properties, waited for while the exception is described. */
  readonly further?: Promise<Properties> | null;
}

export interface PipelineParts {
  readonly builder: EventBuilder;
  readonly queue: CaptureQueue;
  readonly exceptions: ClientExceptions;
  readonly emitter: Emitter;
  readonly diagnostics: Diagnostics;
  readonly clock: Clock;
  readonly options: CaptureClientOptions;
  readonly flagsForEvent: FlagsForEvent;
  /** Whether the client does nothing at all. */
  readonly isDisabled: boolean;
  /** Whether nothing is captured for the time being. */
  isOptedOut(): boolean;
}

/** Carries each event from the call that captures it to the queue. */
export class EventPipeline {
  readonly #parts: PipelineParts;
  readonly #pending = new PendingPromises();
  readonly #mistakes = new OncePerCause();
  readonly #waitUntil: WaitUntil | null;
  /** Calls of this turn whose events are not written yet. */
  #taken: CaptureCall[] = [];
  readonly #writeTaken = (): void => this.writeAll();
  /** Whether listeners are being called. */
  #isTelling = false;

  /** @param flush - sends what waits; may reject. */
  constructor(parts: PipelineParts, flush: () => Promise<void>) {
    this.#parts = parts;
    this.#waitUntil = waitUntilOf(parts, flush);
  }

  /**
   * Queues an event. Takes what belongs to the caller before it returns; the rest is done at the end of
   * the turn. Never throws.
   */
  add(message: EventMessage, options: SendOptions): void {
    try {
      if (!this.#isPlain(message, options)) {
        void this.send(message, options);
        return;
      }
      if (this.#isSilent(options.type)) return;
      const call = this.#callOf(message, options, currentScope());
      if (call === null || this.#taken.push(call) > 1) return;
      void Promise.resolve().then(this.#writeTaken);
    } catch (cause) {
      this.#failed(cause);
    }
  }

  /** Queues the events of all calls so far. */
  writeAll(): void {
    const { builder, queue } = this.#parts;
    const calls = this.#taken;
    if (calls.length === 0) return;
    this.#taken = [];
    for (const call of calls) {
      try {
        const text = builder.write(call);
        if (text !== null) queue.addText(text);
        else {
          const prepared = builder.prepare(call);
          if (prepared !== null) queue.add(builder.finish(call, prepared));
        }
      } catch (cause) {
        this.#failed(cause);
      }
    }
  }

  /** Whether neither hooks nor listeners see the event, and it depends on nothing but its call. */
  #isPlain(message: EventMessage, { type }: SendOptions): boolean {
    const { builder, emitter } = this.#parts;
    if (builder.hasHooks || emitter.hasListeners(type) || this.#waitUntil !== null) return false;
    const { event, sendFeatureFlags } = message ?? {}; // untyped programs give anything
    return !sendFeatureFlags && event !== "$exception";
  }

  /**
   * Builds an event and queues or sends it. Takes what belongs to the caller before it returns. Never rejects.
   *
   * @param scope - the context of the event.
   */
  async send(
    message: EventMessage,
    options: SendOptions,
    scope: Scope | null = currentScope(),
  ): Promise<void> {
    const { builder, flagsForEvent } = this.#parts;
    try {
      this.writeAll(); // earlier events come first
      if (this.#isSilent(options.type)) return;
      const call = this.#callOf(message, options, scope);
      if (call === null) return;
      const prepared = builder.prepare(call);
      if (prepared === null) return;
      const { sendFeatureFlags } = message;
      if (sendFeatureFlags && call.flagValues === null) {
        const flagOptions = typeof sendFeatureFlags === "object" ? sendFeatureFlags : {};
        const given = flagsForEvent(prepared.distinctId, message, flagOptions);
        // An event whose flags are known keeps its place among the others.
        const flagValues =
          given instanceof Promise ? await this.waitFor(given.catch(() => null)) : given;
        // Quirk: its time is that of the answer (posthog-node).
        const calledAtMs = this.#parts.clock.now();
        await this.#queueOrSend(
          builder.finish({ ...call, flagValues, calledAtMs }, prepared),
          options,
        );
      } else await this.#queueOrSend(builder.finish(call, prepared), options);
    } catch (cause) {
      this.#failed(cause);
    }
  }

  /**
   * Sends an event with an identifier that the caller learns.
   *
   * @param isPersonful - whether an event without a person gets one of its own.
   * @returns the identifier; `undefined` if the event is dropped.
   */
  sendIdentified(
    message: EventMessage,
    options: SendOptions,
    isPersonful: boolean,
  ): string | undefined {
    const uuid = isUuid(message.uuid) ? message.uuid : uuidv7();
    const known = message.distinctId || currentScope()?.read("distinctId");
    const distinctId = known || (isPersonful ? uuidv7() : undefined);
    const { queue } = this.#parts;
    this.writeAll();
    const before = queue.made;
    void this.send({ ...message, uuid, distinctId }, options);
    const isWritten = queue.made > before;
    return isWritten || message.sendFeatureFlags || this.#isTelling ? uuid : undefined;
  }

  /** Describes what was thrown and sends it as an event. Never rejects. */
  async sendException(
    error: unknown,
    message: Omit<EventMessage, "event">,
    { callStack, further = null, mechanism = BY_CALL, sendOptions = CAPTURE }: ExceptionOptions,
  ): Promise<void> {
    const { exceptions, isDisabled } = this.#parts;
    if (isDisabled || !exceptions.takes(error, mechanism)) return;
    // The context of the call, though it has ended before the source code is read.
    const scope = currentScope();
    const describing = exceptions.describe(error, mechanism, callStack);
    const sending = describing.then(async (description) => {
      if (isAutomatic(mechanism) && !exceptions.allows(description)) return;
      const { $release_id } = description;
      const release = $release_id === undefined ? {} : { $release_id };
      const given = { ...message.properties, ...(await further) };
      const properties = { ...description, ...given, ...release };
      const exception = { ...message, event: "$exception", properties };
      await this.send(exception, sendOptions, scope);
    });
    await this.waitFor(sending).catch((cause: unknown) => this.#failed(cause));
  }

  /** Lets {@link settled} wait for a promise, too. */
  waitFor<T>(promise: Promise<T>): Promise<T> {
    return this.#pending.add(promise);
  }

  /** Resolves when nothing is being prepared any more. */
  settled(): Promise<void> {
    return this.#pending.settled();
  }

  /** Keeps a serverless function alive until a flush has ended, unless its events do already. */
  keepAlive(flushing: Promise<unknown>): void {
    this.#waitUntil?.hold(flushing);
  }

  /** Lets the platform of a serverless function go. */
  end(): void {
    this.#waitUntil?.end();
  }

  #failed(cause: unknown): void {
    const facts = { reason: messageOf(cause) };
    this.#parts.queue.noteFailed();
    this.#parts.diagnostics.error("an event could not be captured", facts);
  }

  /** Whether capturing is off. As in the vendor's SDK, listeners receive a text if the user has opted out. */
  #isSilent(type: SendOptions["type"]): boolean {
    const { emitter, isDisabled, isOptedOut } = this.#parts;
    if (isDisabled) return true;
    if (!isOptedOut()) return false;
    emitter.emit(type, OPTED_OUT);
    return true;
  }

  #callOf(
    message: EventMessage,
    { hasContext, members }: SendOptions,
    scope: Scope | null,
  ): CaptureCall | null {
    if (typeof message !== "object" || message === null || typeof message.event !== "string") {
      this.#warnOnce("capture(…) expects an object such as { distinctId, event }");
      return null;
    }
    if (!message.distinctId && "distinct_id" in message) {
      this.#warnOnce("capture(…) does not read distinct_id: name it distinctId");
    }
    const nowMs = this.#parts.clock.now();
    return captureCall(message, scope, { hasContext, members, nowMs });
  }

  /** Programs make such mistakes in each call. */
  #warnOnce(message: string): void {
    if (this.#mistakes.first(message, "") !== null) this.#parts.diagnostics.warn(message);
  }

  #queueOrSend(event: CapturedEvent, options: SendOptions): Promise<unknown> | undefined {
    const { isImmediate, type } = options;
    const { emitter, queue } = this.#parts;
    if (isImmediate) return this.waitFor(queue.sendNow(event));
    // An event that a listener captures follows the event that called the listener.
    if (this.#isTelling) {
      return this.waitFor(Promise.resolve().then(() => this.#queueOrSend(event, options)));
    }
    this.#isTelling = true;
    emitter.emit(type, event);
    this.#isTelling = false;
    queue.add(event);
    this.#waitUntil?.touch();
    return undefined;
  }
}

/** Only automatic captures are rate-limited: an uncaught error can repeat forever. */
function isAutomatic({ type }: Mechanism): boolean {
  return type === "onuncaughtexception" || type === "onunhandledrejection";
}

function waitUntilOf({ clock, options }: PipelineParts, flush: () => Promise<void>) {
  const { waitUntil, waitUntilDebounceMs = 50, waitUntilMaxWaitMs = 500 } = options;
  if (waitUntil === undefined) return null;
  return new WaitUntil({
    waitUntil,
    flush: () => flush().catch(() => {}),
    debounceMs: waitUntilDebounceMs,
    maxWaitMs: waitUntilMaxWaitMs,
    clock,
  });
}
