import type { Mechanism } from "./exception-list.js";

/** A client that captures uncaught exceptions. */
export interface UncaughtListener {
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

/** What the clients of a process share: they must not take each other's listeners for the application's. */
interface Shared {
  readonly clients: Set<UncaughtListener>;
  /** Removes the listeners of the process. */
  stop: () => void;
  isEnding: boolean;
}

/** One for the ES module, the CommonJS module, and other copies. */
function shared(): Shared {
  const known = (globalThis as { [key: symbol]: Shared | undefined })[OWN]; // no other package uses it
  if (known !== undefined) return known;
  const value: Shared = { clients: new Set(), stop: () => {}, isEnding: false };
  Object.defineProperty(globalThis, OWN, { value, configurable: true });
  return value;
}

/**
 * Captures uncaught exceptions and unhandled rejections until the returned function is called.
 *
 * Whether the process ends, and its exit code, are as without it: other listeners and
 * `--unhandled-rejections` decide. A process that ends waits up to two seconds for what was captured.
 * Rejections are seen where Node would end the process or the application listens to them; with the modes
 * `warn` and `none` always.
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
  const seen = new Set<unknown>();
  const capture = (thrown: unknown, mechanism: Mechanism): void => {
    // A listener for rejections that throws what it was given makes it an uncaught exception.
    if (seen.has(thrown)) return;
    seen.add(thrown);
    setImmediate(() => seen.delete(thrown));
    for (const client of state.clients) client.capture(thrown, mechanism);
  };
  const onException = own((thrown: unknown, origin: string) => {
    capture(thrown, origin === "unhandledRejection" ? UNHANDLED : UNCAUGHT);
    if (!hasOthers("uncaughtException")) void end(state, thrown);
  });
  const onRejection = own((reason: unknown) => capture(reason, UNHANDLED));
  const follow = (): void => {
    const isOurs = process.listeners("unhandledRejection").includes(onRejection);
    const isWanted = seesRejections(mode);
    if (isWanted && !isOurs) process.prependListener("unhandledRejection", onRejection);
    if (!isWanted && isOurs) process.off("unhandledRejection", onRejection);
  };
  // `newListener` comes before the listener is there.
  const onNewListener = own((event: unknown, added: unknown) => {
    if (event === "unhandledRejection" && !isOwn(added)) queueMicrotask(follow);
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

/** A listener of ours would keep Node from ending the process, so that we listen where others do. */
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

/** How Node was told to treat unhandled rejections: its arguments win over `NODE_OPTIONS`. */
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
