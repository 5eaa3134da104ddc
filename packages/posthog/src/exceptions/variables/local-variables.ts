import type { Debugger, InspectorNotification, Session } from "node:inspector";
import type { Frame } from "../frame.js";
import { type FrameVariables, type MaskingRules, VariablesReader } from "./frame-variables.js";
import { PauseBudget } from "./pause-budget.js";

/** Maximum number of application frames whose variables are read. */
const MAX_FRAMES = 5;
/**
 * Name of a global function that exists only during one call. Through it, an inspector expression passes a live object
 * to us.
 */
const RECEIVER = Symbol.for("sortition.posthog.local-variables");
const HAND_OVER = `function () { globalThis[Symbol.for("${RECEIVER.description}")](this); }`;

/** Variables of one frame of an error. */
interface FrameRecord {
  readonly functionName: string;
  /** Line number, starting at 1. */
  readonly lineno: number;
  readonly variables: FrameVariables;
}

/** Events of {@link LocalVariables}. Each is called at most once. */
export interface LocalVariablesEvents {
  /** The inspector is not available, because a debugger uses it or it is not permitted. */
  unavailable(cause: unknown): void;
  /** Some errors have no variables, because too many were thrown. */
  limited(): void;
}

/**
 * Reads the local variables in the frames of each thrown error, through an inspector session of this thread that opens
 * no port. When an error is thrown, it pauses (less than a millisecond), reads, and continues. It uses at most 50
 * pauses and 20 ms of processor time per second, and then stops until the next second.
 *
 * Masked values are never read, and no getter is called.
 */
export class LocalVariables {
  #events: LocalVariablesEvents;
  #rules: () => MaskingRules;
  readonly #records = new WeakMap<object, readonly FrameRecord[]>();
  readonly #internalScripts = new Set<string>();
  readonly #budget = new PauseBudget();
  #session: Session | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isLimitReported = false;

  /** @param rules - called for each error. */
  constructor(rules: () => MaskingRules, events: LocalVariablesEvents) {
    this.#rules = rules;
    this.#events = events;
  }

  /** Continues with the rules and events of another client. Variables that were already read are kept. */
  adopt(rules: () => MaskingRules, events: LocalVariablesEvents): this {
    this.#rules = rules;
    this.#events = events;
    return this;
  }

  /** Opens the session. Does not throw. */
  start(): void {
    if (this.#session !== null) return;
    try {
      const { Session } = process.getBuiltinModule("node:inspector");
      const session = new Session();
      session.connect();
      this.#session = session;
      session.on("Debugger.scriptParsed", ({ params: { scriptId, url } }) => {
        if (url.startsWith("node:")) this.#internalScripts.add(scriptId);
      });
      session.on("Debugger.paused", (paused) => this.#pause(session, paused));
      session.post("Debugger.enable");
      this.#pauseOn("all");
    } catch (cause) {
      this.stop();
      this.#events.unavailable(cause);
    }
  }

  /** Closes the session. Variables that were already read are kept with their errors. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#session?.disconnect();
    this.#session = null;
  }

  /** Adds the variables that were read when the error was thrown to its frames. */
  addTo(thrown: object, innermostFirst: readonly Frame[]): void {
    const records = this.#records.get(thrown) ?? [];
    let next = 0;
    for (const frame of innermostFirst) {
      const at = records.findIndex((it, i) => i >= next && isOfFrame(it, frame));
      const record = records[at];
      if (record === undefined) continue;
      next = at + 1;
      if (Object.keys(record.variables).length > 0) frame.code_variables = record.variables;
    }
  }

  #pauseOn(state: "all" | "none"): void {
    this.#session?.post("Debugger.setPauseOnExceptions", { state });
  }

  #pause(session: Session, { params }: InspectorNotification<Debugger.PausedEventDataType>): void {
    const startedAtMs = performance.now();
    const cpuBefore = process.cpuUsage();
    try {
      this.#record(session, params);
    } catch {
      // The error is captured without variables.
    } finally {
      session.post("Debugger.resume");
      const { user, system } = process.cpuUsage(cpuBefore);
      // The minimum of both, because wall time includes other processes, and processor time includes other threads.
      const pausedMs = Math.min(performance.now() - startedAtMs, (user + system) / 1_000);
      const restMs = this.#budget.spend(startedAtMs, pausedMs);
      if (restMs > 0) this.#rest(restMs);
    }
  }

  #rest(restMs: number): void {
    this.#pauseOn("none");
    this.#timer = setTimeout(() => this.#pauseOn("all"), restMs).unref();
    if (this.#isLimitReported) return;
    this.#isLimitReported = true;
    this.#events.limited();
  }

  #record(session: Session, { data, callFrames }: Debugger.PausedEventDataType): void {
    const { objectId } = (data ?? {}) as { readonly objectId?: string };
    const thrown = handedOver(session, objectId);
    // An error that is rethrown keeps the variables of the first time.
    if (thrown === null || this.#records.has(thrown)) return;
    const reader = new VariablesReader(this.#rules());
    const records: FrameRecord[] = [];
    for (const { functionName, location, scopeChain } of callFrames) {
      if (this.#internalScripts.has(location.scriptId)) continue;
      if (records.length >= MAX_FRAMES) break;
      const scope = localScope(session, scopeChain);
      const variables = reader.read(scope);
      records.push({ functionName, lineno: location.lineNumber + 1, variables });
    }
    this.#records.set(thrown, records);
  }
}

/** Returns the variables of a function and of the blocks around a statement. Inner ones hide outer ones. */
function localScope(session: Session, chain: readonly Debugger.Scope[]): object {
  const scopes: object[] = [];
  for (const { type, object } of chain) {
    if (type !== "local" && type !== "block" && type !== "catch") break;
    const scope = handedOver(session, object.objectId);
    if (scope !== null) scopes.unshift(scope);
  }
  const properties: PropertyDescriptorMap = Object.create(null);
  for (const scope of scopes) {
    for (const name of Reflect.ownKeys(scope)) properties[name] = variableOf(scope, name);
  }
  return Object.defineProperties({}, properties);
}

/** A variable whose declaration was not reached is `undefined` on Node 20. On later versions, reading it throws. */
function variableOf(scope: object, name: PropertyKey): PropertyDescriptor {
  const unreached = { value: undefined, enumerable: true };
  try {
    return Object.getOwnPropertyDescriptor(scope, name) ?? unreached;
  } catch {
    return unreached;
  }
}

/**
 * Returns the live object for an inspector id, or `null` for a value that is not an object. The inspector responds
 * synchronously within the same thread.
 */
function handedOver(session: Session, objectId: string | undefined): object | null {
  if (objectId === undefined) return null;
  let object: object | null = null;
  const receive = (received: object): void => {
    object = received;
  };
  Object.defineProperty(globalThis, RECEIVER, { value: receive, configurable: true });
  try {
    const call = { functionDeclaration: HAND_OVER, objectId, silent: true };
    session.post("Runtime.callFunctionOn", call, () => {});
  } finally {
    Reflect.deleteProperty(globalThis, RECEIVER);
  }
  return object;
}

function isOfFrame({ functionName, lineno }: FrameRecord, frame: Frame): boolean {
  const name = frame.function.slice(frame.function.lastIndexOf(".") + 1);
  if (functionName === "" || name === "?") return lineno === frame.lineno;
  return name === functionName.slice(functionName.lastIndexOf(".") + 1);
}
