import { runAfterOthers } from "@sortition/core/internal";
import type { Mechanism } from "./exception-list.js";
import { isExpected } from "./expected.js";

/** A client that captures uncaught exceptions. */
export interface UncaughtListener {
  /** Clients with the same one send to the same project: one of them captures. */
  readonly project: string;
  /** Captures; does not throw. */
  capture(thrown: unknown, mechanism: Mechanism): void;
  /** Sends what was captured before the process ends. */
  flush(): Promise<void>;
}

type RejectionMode = "throw" | "strict" | "warn" | "warn-with-error-code" | "none";

const UNCAUGHT: Mechanism = { type: "onuncaughtexception", handled: false };
const UNHANDLED: Mechanism = { type: "onunhandledrejection", handled: false };
/** How long a process that dies waits for what was captured. */
const LAST_FLUSH_MS = 2_000;
const OWN = Symbol.for("sortition.posthog.uncaught-listener");

/** State that all clients of a process share, so that no client takes another's listener for the application's. */
interface Shared {
  readonly clients: Set<UncaughtListener>;
  /** Exceptions of this turn of the event loop, with their projects. `true`: captured automatically; `false`: by a call. */
  readonly captured: Map<unknown, Map<string, boolean>>;
  /** Exceptions that wait for the end of the turn, in which the application may capture them, with a function that captures now. */
  readonly waiting: Map<unknown, () => readonly UncaughtListener[]>;
  /** Removes the listeners of the process. */
  stop: () => void;
  isEnding: boolean;
}

function known(): Shared | undefined {
  return (globalThis as { [key: symbol]: Shared | undefined })[OWN]; // no other package uses it
}

/** One for the ES module, the CommonJS module, and other copies. */
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
 * Whether the process ends, and its exit code, are as without it: other listeners and
 * `--unhandled-rejections` decide. A process that ends waits up to two seconds for what was captured.
 * Rejections are seen where Node would end the process or the application listens to them; with the modes
 * `warn` and `none` always. What does not end the process is captured at the end of the turn, unless the application
 * does that itself, or the error is one that is expected.
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
      // A listener for rejections that throws what it was given makes it an uncaught exception.
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
  // `newListener` comes before the listener is there.
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

/** Lets one client of each project capture, unless the project has the exception. Returns the capturing clients. */
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
  // In this context: a flush elsewhere may be what captures it.
  const now = AsyncResource.bind(() =>
    waiting.delete(thrown) ? capture(state, thrown, mechanism) : [],
  );
  waiting.set(thrown, now);
  runAfterOthers(now);
}

/** Notes an exception for a project. Returns `false` if the project has it already. */
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
  // What waits is captured in the first of them.
  runAfterOthers(() => void runAfterOthers(() => void captured.delete(thrown)));
  return true;
}

/**
 * Notes that the application captures something for a project by a call, so that it is not captured by itself in this turn.
 *
 * @returns whether it may: it was not captured by itself before.
 */
export function claimForCall(thrown: unknown, project: string): boolean {
  const state = known();
  if (!state?.clients.size || note(state, thrown, project, false)) return true;
  return state.captured.get(thrown)?.get(project) === false;
}

/** Captures exceptions that wait for the end of the turn, before which an application may end. Returns the capturing clients. */
export function captureWaiting(): readonly UncaughtListener[] {
  return [...(known()?.waiting.values() ?? [])].flatMap((now) => now());
}

/** A listener keeps Node from ending the process, so this package listens only if the application listens, too. */
function seesRejections(mode: RejectionMode): boolean {
  if (mode === "warn" || mode === "none") return true;
  return mode !== "strict" && hasOthers("unhandledRejection");
}

function hasOthers(event: "uncaughtException" | "unhandledRejection"): boolean {
  // The domain module has a listener of its own, which does not handle the error.
  const listeners: readonly { readonly name: string }[] = process.listeners(event as "exit");
  return listeners.some((it) => it.name !== "domainUncaughtExceptionClear" && !isOwn(it));
}

/** Marks a listener of any copy of this package. */
function own<T extends (...parts: never[]) => void>(listener: T): T {
  return Object.assign(listener, { [OWN]: true });
}

function isOwn(listener: unknown): boolean {
  return typeof listener === "function" && OWN in listener;
}

/** What Node does without our listener, after the last flush. */
async function end(state: Shared, thrown: unknown): Promise<void> {
  if (state.isEnding) return;
  state.isEnding = true;
  console.error(thrown);
  const flushes = Promise.allSettled([...state.clients].map((it) => it.flush()));
  const limit = new Promise((resolve) => setTimeout(resolve, LAST_FLUSH_MS));
  await Promise.race([flushes, limit]);
  process.exit(1);
}

/** Node's mode for unhandled rejections. Its arguments take precedence over `NODE_OPTIONS`. */
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
