import type { Diagnostics } from "@sortition/core";
import {
  type Clock,
  memberName,
  messageOf,
  OncePerCause,
  type PlainObject,
} from "@sortition/core/internal";
import type { Contexts } from "../context/contexts.js";
import type { Scope } from "../context/scope.js";
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
  /** Whether the event is sent immediately in a separate request. */
  readonly isImmediate: boolean;
  /** Whether the event gets the properties of the client and the context. */
  readonly hasContext: boolean;
  /** Members of the event next to `properties`. */
  readonly members?: PlainObject;
}

/** Options for an event that waits for a batch. */
export const CAPTURE: SendOptions = { type: "capture", isImmediate: false, hasContext: true };

const OPTED_OUT = "Library is disabled. Not sending event. To re-enable, call posthog.optIn()";

/** Flag values by key. */
export type FlagValues = Readonly<Record<string, boolean | string>>;

/**
 * Returns the flags for an event that requests them, or `null`. Returns no promise if they are already known. The
 * promise may reject.
 */
export type FlagsForEvent = (
  distinctId: string | undefined,
  message: EventMessage,
  options: SendFeatureFlagsOptions,
) => FlagValues | Promise<FlagValues | null>;

export interface ExceptionOptions {
  /** Stack of the call, for thrown values without a stack. */
  readonly callStack: string | null;
  readonly sendOptions?: SendOptions;
  readonly mechanism?: Mechanism;
  /** Additional properties, which are awaited while the exception is being described. */
  readonly further?: Promise<Properties> | null;
}

export interface PipelineParts {
  readonly builder: EventBuilder;
  readonly queue: CaptureQueue;
  readonly exceptions: ClientExceptions;
  readonly contexts: Contexts;
  readonly emitter: Emitter;
  readonly diagnostics: Diagnostics;
  readonly clock: Clock;
  readonly options: CaptureClientOptions;
  readonly flagsForEvent: FlagsForEvent;
  /** Whether the client does nothing at all. */
  readonly isDisabled: boolean;
  /** Returns whether capturing is currently stopped. */
  isOptedOut(): boolean;
  /** Called with each event, so that an unused client registers no listener. */
  watchExit(): void;
}

/** Number of captured events whose members are checked. Programs make such mistakes from the start. */
const CHECKED_EVENTS = 100;

/** A call whose members are checked. */
export type CheckedCall = "capture" | "identify" | "alias" | "groupIdentify";

/** What each call reads. The first three are shown to callers. */
const MEMBERS: Readonly<Record<CheckedCall, readonly string[]>> = {
  capture: [
    ...["distinctId", "event", "properties", "groups", "flags", "sendFeatureFlags", "timestamp"],
    ...["disableGeoip", "uuid", "_originatedFromCaptureException"],
  ],
  identify: ["distinctId", "properties", "disableGeoip"],
  alias: ["distinctId", "alias", "disableGeoip"],
  groupIdentify: ["groupType", "groupKey", "properties", "distinctId", "disableGeoip"],
};

/** Passes each event from the capturing call to the queue. */
export class EventPipeline {
  readonly #parts: PipelineParts;
  readonly #pending = new PendingPromises();
  #checksLeft = CHECKED_EVENTS;
  readonly #mistakes = new OncePerCause();
  readonly #waitUntil: WaitUntil | null;
  /** Calls of this turn whose events have not been written yet. */
  #taken: CaptureCall[] = [];
  readonly #writeTaken = (): void => this.writeAll();
  /** Whether listeners are being called. */
  #isTelling = false;

  /** @param flush - sends the waiting events. May reject. */
  constructor(parts: PipelineParts, flush: () => Promise<void>) {
    this.#parts = parts;
    this.#waitUntil = waitUntilOf(parts, flush);
  }

  /**
   * Queues an event. Arguments are copied before the method returns, and the rest is done at the end of the turn. Never
   * throws.
   */
  add(message: EventMessage, options: SendOptions): void {
    try {
      if (!this.#isPlain(message, options)) {
        void this.send(message, options);
        return;
      }
      if (this.#isSilent(options.type)) return;
      const call = this.#callOf(message, options, this.#parts.contexts.current());
      if (call === null || this.#taken.push(call) > 1) return;
      void Promise.resolve().then(this.#writeTaken);
    } catch (cause) {
      this.#failed(cause);
    }
  }

  /** Queues the events of all previous calls. */
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

  /** Returns whether the event depends only on its call and no hook or listener receives it. */
  #isPlain(message: EventMessage, { type }: SendOptions): boolean {
    const { builder, emitter } = this.#parts;
    if (builder.hasHooks || emitter.hasListeners(type) || this.#waitUntil !== null) return false;
    const { event, sendFeatureFlags } = message ?? {}; // untyped callers may pass any value
    return !sendFeatureFlags && event !== "$exception";
  }

  /**
   * Builds an event, and queues or sends it. Arguments are copied before the method returns. Never rejects.
   *
   * @param scope - the context of the event.
   */
  async send(
    message: EventMessage,
    options: SendOptions,
    scope: Scope | null = this.#parts.contexts.current(),
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
        // An event whose flags are already known keeps its position among the others.
        const flagValues =
          given instanceof Promise ? await this.waitFor(given.catch(() => null)) : given;
        // Quirk: the event's time is the time of the response (posthog-node).
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
   * Sends an event, and returns its identifier to the caller.
   *
   * @param isPersonful - whether an event without a person gets a new one.
   * @returns the identifier, or `undefined` if the event is dropped.
   */
  sendIdentified(
    message: EventMessage,
    options: SendOptions,
    isPersonful: boolean,
  ): string | undefined {
    const uuid = isUuid(message.uuid) ? message.uuid : uuidv7();
    const { contexts, queue } = this.#parts;
    const known = message.distinctId || contexts.current()?.read("distinctId");
    const distinctId = known || (isPersonful ? uuidv7() : undefined);
    this.writeAll();
    const before = queue.made;
    void this.send({ ...message, uuid, distinctId }, options);
    const isWritten = queue.made > before;
    return isWritten || message.sendFeatureFlags || this.#isTelling ? uuid : undefined;
  }

  /** Describes a thrown value and sends it as an event. Never rejects. */
  async sendException(
    error: unknown,
    message: Omit<EventMessage, "event">,
    { callStack, further = null, mechanism = BY_CALL, sendOptions = CAPTURE }: ExceptionOptions,
  ): Promise<void> {
    const { contexts, exceptions, isDisabled } = this.#parts;
    if (isDisabled || !exceptions.takes(error, mechanism)) return;
    // Keeps the context of the call, which may have ended when the source code has been read.
    const scope = contexts.current();
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

  /** Makes {@link settled} also wait for this promise. */
  waitFor<T>(promise: Promise<T>): Promise<T> {
    return this.#pending.add(promise);
  }

  /** Resolves when no event is being prepared any longer. */
  settled(): Promise<void> {
    return this.#pending.settled();
  }

  /** Keeps a serverless function alive until a flush has ended, unless its events already do. */
  keepAlive(flushing: Promise<unknown>): void {
    this.#waitUntil?.hold(flushing);
  }

  /** Stops keeping the serverless function alive. */
  end(): void {
    this.#waitUntil?.end();
  }

  #failed(cause: unknown): void {
    const facts = { reason: messageOf(cause) };
    this.#parts.queue.noteFailed();
    this.#parts.diagnostics.error("an event could not be captured", facts);
  }

  /** Returns whether capturing is off. As in the vendor's SDK, listeners receive a string if the user has opted out. */
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
    if (hasContext && this.#checksLeft > 0) {
      this.#checksLeft -= 1;
      this.checkMessage("capture", message);
    }
    this.#parts.watchExit();
    const nowMs = this.#parts.clock.now();
    return captureCall(message, scope, { hasContext, members, nowMs });
  }

  /** Warns of members that a call does not read. The vendor's SDK drops them silently. */
  checkMessage(call: CheckedCall, message: unknown): void {
    try {
      for (const problem of problemsOf(call, message)) this.#warnOnce(problem);
    } catch {
      // A proxy or diagnostics of the caller must not lose the event.
    }
  }

  /** Warns only once, because programs make such mistakes in each call. */
  #warnOnce(message: string): void {
    if (this.#mistakes.first(message, "") !== null) this.#parts.diagnostics.warn(message);
  }

  #queueOrSend(event: CapturedEvent, options: SendOptions): Promise<unknown> | undefined {
    const { isImmediate, type } = options;
    const { emitter, queue } = this.#parts;
    if (isImmediate) return this.waitFor(queue.sendNow(event));
    // An event that a listener captures follows the event that the listener received.
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

/**
 * Returns whether an exception was captured automatically. Only these are rate-limited, because an uncaught error may
 * repeat forever.
 */
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

function problemsOf(call: CheckedCall, message: unknown): readonly string[] {
  const members = MEMBERS[call];
  if (typeof message !== "object" || message === null) {
    return [
      `${call}(…) expects one object: write ${call}({ ${members
        .filter((it) => it !== "disableGeoip")
        .slice(0, 3)
        .join(", ")} })`,
    ];
  }
  const unread = Object.keys(message).filter((it) => !members.includes(it));
  return unread.map((name) => {
    const form = members.includes("properties")
      ? `write properties: { ${memberName(name)} }`
      : "leave it out";
    const advice = name === "distinct_id" ? "name it distinctId" : form;
    return `${call}(…) does not read ${name}: ${advice}`;
  });
}
