import { type Client, OptionError } from "@sortition/core";
import {
  booleanOption,
  integerOption,
  rejectUnknownOptions,
  requireMethods,
} from "@sortition/core/internal";

/** A client, as far as its events have to be delivered before the process ends. */
export type FlushableClient = Pick<Client, "flush" | "close">;

/** When a process waits for its clients, and for how long. */
export interface ShutdownOptions {
  /** Signals on which the clients are closed. Default: `SIGTERM` and `SIGINT`. */
  readonly signals?: readonly NodeJS.Signals[] | undefined;
  /** Deadline of closing or flushing, 0 … 600 000 ms. Default: 5 000. */
  readonly timeoutMs?: number | undefined;
  /** Flush, once, when the process has nothing else to do. Default: true. */
  readonly beforeExit?: boolean | undefined;
}

const DEFAULT_SIGNALS: readonly NodeJS.Signals[] = ["SIGTERM", "SIGINT"];
const DEFAULT_TIMEOUT_MS = 5_000;

/** Listeners of all calls. Any other listener of a signal is the application's. */
const ownListeners = new WeakSet<object>();

/**
 * Closes clients when the process receives a signal to end, so that logged events are delivered, and
 * flushes them when it ends by itself.
 *
 * After a signal the process ends as it would have without us, by that signal, or as process 1 (in a
 * container) with the exit code 128 + its number; the same signal again ends it at once. If the application
 * listens to the signal too, it decides when to exit.
 *
 * @returns a function that removes the hooks.
 * @throws OptionError for an unknown option or a bad value.
 * @see docs/spec/lifecycle.md §5
 */
export function installShutdownHooks(
  clients: FlushableClient | readonly FlushableClient[],
  options: ShutdownOptions = {},
): () => void {
  const all = [clients].flat();
  for (const client of all) requireMethods("clients", client ?? null, ["flush", "close"]);
  const { signals, timeoutMs, flushesBeforeExit } = checked(options);

  const installed = signals.map((signal) =>
    listenTo(signal, () => callAll(all, "close", timeoutMs)),
  );
  const flushAll = (): void => void callAll(all, "flush", timeoutMs);
  if (flushesBeforeExit) process.once("beforeExit", flushAll);
  return () => {
    for (const uninstall of installed) uninstall();
    process.off("beforeExit", flushAll);
  };
}

/** Never rejects. Clients do not reject either, but an error of another object must not change how the process ends. */
async function callAll(
  clients: readonly FlushableClient[],
  method: keyof FlushableClient,
  timeoutMs: number,
): Promise<void> {
  await Promise.allSettled(clients.map(async (client) => client[method]({ timeoutMs })));
}

function listenTo(signal: NodeJS.Signals, close: () => Promise<void>): () => void {
  let isClosing = false;
  const onSignal = (): void => {
    if (isClosing) {
      end();
      return;
    }
    isClosing = true;
    // Before the clients are closed: by then a listener added by `once` is gone.
    const isForeign = process.listeners(signal).some((listener) => !ownListeners.has(listener));
    void close().then(() => {
      if (isForeign) uninstall();
      else end();
    });
  };
  const uninstall = (): void => void process.off(signal, onSignal);
  /** Ends the process by the signal, unless there is another listener. */
  const end = (): void => {
    uninstall();
    if (process.listenerCount(signal) > 0) return;
    // For process 1 (in a container) the kernel ignores a signal without a listener.
    if (process.pid === 1) process.exit(128 + signalNumbers()[signal]);
    process.kill(process.pid, signal);
  };
  ownListeners.add(onSignal);
  // The first listener, so that it sees those added by `once`.
  process.prependListener(signal, onSignal);
  return uninstall;
}

/** Loaded when used, since most programs do not need it. */
function signalNumbers(): Readonly<Record<NodeJS.Signals, number>> {
  return process.getBuiltinModule("node:os").constants.signals;
}

function checked(options: ShutdownOptions): {
  readonly signals: readonly NodeJS.Signals[];
  readonly timeoutMs: number;
  readonly flushesBeforeExit: boolean;
} {
  rejectUnknownOptions(options, ["signals", "timeoutMs", "beforeExit"]);
  const { signals = DEFAULT_SIGNALS } = options;
  const known = signalNumbers();
  if (!Array.isArray(signals) || !signals.every((signal) => Object.hasOwn(known, signal))) {
    throw new OptionError("signals", "expected names of signals");
  }
  const bounds = { min: 0, max: 600_000 };
  return {
    signals: [...new Set(signals)],
    timeoutMs: integerOption("timeoutMs", options.timeoutMs, bounds, DEFAULT_TIMEOUT_MS),
    flushesBeforeExit: booleanOption("beforeExit", options.beforeExit, true),
  };
}
