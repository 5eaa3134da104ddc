import { runAfterOthers } from "@sortition/core/internal";
import type { Mechanism } from "./exception-list.js";
import { isExpected } from "./expected.js";

/** A client that captures uncaught exceptions. */
export interface UncaughtListener {
  /** Clients with the same value send to the same project, so only one of them captures. */
  readonly project: string;
  /** Captures an exception. Does not throw. */
  capture(thrown: unknown, mechanism: Mechanism): void;
  /** Sends captured exceptions before the process ends. */
  flush(): Promise<void>;
}

type RejectionMode = "throw" | "strict" | "warn" | "warn-with-error-code" | "none";

const UNCAUGHT: Mechanism = { type: "onuncaughtexception", handled: false };
const UNHANDLED: Mechanism = { type: "onunhandledrejection", handled: false };
/** How long a dying process waits for captured exceptions to be sent. */
const LAST_FLUSH_MS = 2_000;
const OWN = Symbol.for("sortition.posthog.uncaught-listener");

/** State that all clients of a process share, so that no client mistakes another's listener for the application's. */
interface Shared {
  readonly clients: Set<UncaughtListener>;
  /**
   * Exceptions of this turn of the event loop, by project. `true` if captured automatically, `false` if captured by a
   * call.
   */
  readonly captured: Map<unknown, Map<string, boolean>>;
  /**
   * Exceptions that wait for the end of the turn, because the application may still capture them. The function captures
   * immediately.
   */
  readonly waiting: Map<unknown, () => readonly UncaughtListener[]>;
  /** Removes the process listeners. */
  stop: () => void;
  isEnding: boolean;
}

function known(): Shared | undefined {
  return (globalThis as { [key: symbol]: Shared | undefined })[OWN]; // no other package uses this symbol
}

/** Returns the state for the ES module, the CommonJS module, and other copies. */
function shared(): Shared {
  const former = known();
  if (former !== undefined) return former;
  const value: Shared = {
    clients: new Set(),
    captured: new Map(),
    waiting: new Map(),
    stop: () => {},
    isEnding: false,
  };
  Object.defineProperty(globalThis, OWN, { value, configurable: true });
  return value;
}

/**
 * Captures uncaught exceptions and unhandled rejections until the returned function is called.
 *
 * Does not affect whether the process ends, or its exit code, which other listeners and `--unhandled-rejections`
 * determine. A process that ends waits up to two seconds until captured exceptions are sent.
 *
 * Rejections are captured if Node.js would end the process or the application listens to them, and always in the modes
 * `warn` and `none`. Errors that do not end the process are captured at the end of the turn, unless the application
 * captures them itself or they are expected.
 */
export function captureUncaught(client: UncaughtListener): () => void {
  const state = shared();
  if (state.clients.size === 0) state.stop = listen(state);
  state.clients.add(client);
  return () => {
    if (state.clients.delete(client) && state.clients.size === 0) state.stop();
  };
}

function listen(state: Shared): () => void {
  const mode = rejectionMode();
  const onException = own((thrown: unknown, origin: string) => {
    const mechanism = origin === "unhandledRejection" ? UNHANDLED : UNCAUGHT;
    const survives = hasOthers("uncaughtException");
    if (survives && mode !== "strict") captureLater(state, thrown, mechanism);
    else {
      // If a listener for rejections rethrows the reason, it becomes an uncaught exception.
      state.waiting.get(thrown)?.();
      capture(state, thrown, mechanism);
    }
    if (!survives) void end(state, thrown);
  });
  const onRejection = own((reason: unknown) => captureLater(state, reason, UNHANDLED));
  const follow = (): void => {
    const isOurs = process.listeners("unhandledRejection").includes(onRejection);
    const isWanted = seesRejections(mode);
    if (isWanted && !isOurs) process.prependListener("unhandledRejection", onRejection);
    if (!isWanted && isOurs) process.off("unhandledRejection", onRejection);
  };
  // `newListener` is emitted before the listener is added.
  const onNewListener = own((event: unknown, added: unknown) => {
    if (event === "unhandledRejection" && !isOwn(added)) void Promise.resolve().then(follow);
  });
  const onRemovedListener = own((event: unknown, removed: unknown) => {
    if (event === "unhandledRejection" && !isOwn(removed)) follow();
  });
  process.on("uncaughtException", onException);
  process.on("newListener", onNewListener);
  process.on("removeListener", onRemovedListener);
  follow();
  return () => {
    process.off("uncaughtException", onException);
    process.off("newListener", onNewListener);
    process.off("removeListener", onRemovedListener);
    process.off("unhandledRejection", onRejection);
  };
}

/**
 * Lets one client per project capture an exception that the project does not have yet. Returns the capturing clients.
 */
function capture(
  state: Shared,
  thrown: unknown,
  mechanism: Mechanism,
): readonly UncaughtListener[] {
  return [...state.clients].filter((client) => {
    const isNew = note(state, thrown, client.project, true);
    if (isNew) client.capture(thrown, mechanism);
    return isNew;
  });
}

function captureLater(state: Shared, thrown: unknown, mechanism: Mechanism): void {
  const { waiting } = state;
  if (isExpected(thrown, mechanism === UNHANDLED) || waiting.has(thrown)) return;
  const { AsyncResource } = process.getBuiltinModule("node:async_hooks");
  // Bound to this context, because a flush elsewhere may trigger the capture.
  const now = AsyncResource.bind(() =>
    waiting.delete(thrown) ? capture(state, thrown, mechanism) : [],
  );
  waiting.set(thrown, now);
  runAfterOthers(now);
}

/** Remembers an exception for a project. Returns `false` if the project already has it. */
function note(
  { captured }: Shared,
  thrown: unknown,
  project: string,
  isByItself: boolean,
): boolean {
  const projects = captured.get(thrown) ?? new Map<string, boolean>();
  if (projects.has(project)) return false;
  projects.set(project, isByItself);
  captured.set(thrown, projects);
  // Two turns, because waiting exceptions are captured in the first one.
  runAfterOthers(() => void runAfterOthers(() => void captured.delete(thrown)));
  return true;
}

/**
 * Remembers that the application captures a value for a project by a call, so that it is not captured automatically in
 * this turn.
 *
 * @returns `false` if it was already captured automatically.
 */
export function claimForCall(thrown: unknown, project: string): boolean {
  const state = known();
  if (!state?.clients.size || note(state, thrown, project, false)) return true;
  return state.captured.get(thrown)?.get(project) === false;
}

/**
 * Captures the exceptions that wait for the end of the turn, because the application may end before. Returns the
 * capturing clients.
 */
export function captureWaiting(): readonly UncaughtListener[] {
  return [...(known()?.waiting.values() ?? [])].flatMap((now) => now());
}

/** A listener prevents Node.js from ending the process, so we listen only if the application does. */
function seesRejections(mode: RejectionMode): boolean {
  if (mode === "warn" || mode === "none") return true;
  return mode !== "strict" && hasOthers("unhandledRejection");
}

function hasOthers(event: "uncaughtException" | "unhandledRejection"): boolean {
  // The domain module's own listener does not handle the error.
  const listeners: readonly { readonly name: string }[] = process.listeners(event as "exit");
  return listeners.some((it) => it.name !== "domainUncaughtExceptionClear" && !isOwn(it));
}

/** Marks a listener as belonging to any copy of this package. */
function own<T extends (...parts: never[]) => void>(listener: T): T {
  return Object.assign(listener, { [OWN]: true });
}

function isOwn(listener: unknown): boolean {
  return typeof listener === "function" && OWN in listener;
}

/** Does what Node.js would do without our listener, after a last flush. */
async function end(state: Shared, thrown: unknown): Promise<void> {
  if (state.isEnding) return;
  state.isEnding = true;
  console.error(thrown);
  const flushes = Promise.allSettled([...state.clients].map((it) => it.flush()));
  const limit = new Promise((resolve) => setTimeout(resolve, LAST_FLUSH_MS));
  await Promise.race([flushes, limit]);
  process.exit(1);
}

/** Returns Node's mode for unhandled rejections. Command-line arguments take precedence over `NODE_OPTIONS`. */
function rejectionMode(): RejectionMode {
  const args = [...(process.env["NODE_OPTIONS"]?.split(/\s+/) ?? []), ...process.execArgv];
  let mode: RejectionMode = "throw";
  args.forEach((arg, i) => {
    const [name = "", value = args[i + 1]] = arg.replaceAll('"', "").split("=");
    if (name.replaceAll("_", "-") !== "--unhandled-rejections") return;
    mode = MODES.find((it) => it === value) ?? mode;
  });
  return mode;
}

const MODES: readonly RejectionMode[] = ["throw", "strict", "warn", "warn-with-error-code", "none"];
