import { type Client, OptionError } from "@sortition/core";
import {
  booleanOption,
  explainedOn,
  integerOption,
  isPromise,
  rejectUnknownOptions,
  requireMethods,
} from "@sortition/core/internal";

/** The part of a client that delivers events before the process ends. */
export type FlushableClient = Pick<Client, "flush" | "close">;

/** Options of {@link installShutdownHooks}. */
export interface ShutdownOptions {
  /** Signals that close the clients. Default: `SIGTERM` and `SIGINT`. */
  readonly signals?: readonly NodeJS.Signals[] | undefined;
  /** Deadline for closing or flushing, 0 to 600,000 ms. Default: 5,000. */
  readonly timeoutMs?: number | undefined;
  /** Whether to flush once when the process has nothing else to do. Default: true. */
  readonly beforeExit?: boolean | undefined;
}

const DEFAULT_SIGNALS: readonly NodeJS.Signals[] = ["SIGTERM", "SIGINT"];
const DEFAULT_TIMEOUT_MS = 5_000;

/** The listeners that this module added. All other listeners belong to the application. */
const ownListeners = new WeakSet<object>();

/**
 * Closes clients when the process receives a signal to terminate, so that logged events are
 * delivered. Flushes them when the process ends on its own.
 *
 * After a signal, the process ends as it would have without the hooks: by that signal, or with the
 * exit code 128 + its number if it is process 1 (in a container). A second signal of the same kind
 * ends it immediately. If the application listens to the signal too, it decides when to exit.
 *
 * @returns a function that removes the hooks.
 * @throws OptionError if an option is unknown or invalid.
 * @see docs/spec/lifecycle.md §5
 */
export function installShutdownHooks(
  clients: FlushableClient | readonly FlushableClient[],
  options: ShutdownOptions = {},
): () => void {
  const all = [clients].flat();
  if (clients === undefined) {
    throw new OptionError("clients", "pass the client: installShutdownHooks(client)");
  }
  if (all.some(isPromise)) throw new OptionError("clients", "is a promise: await it");
  for (const client of all) {
    if (typeof client === "function" && !("flush" in client)) {
      const { name } = client as { readonly name: string };
      throw new OptionError("clients", `is a function: call it, ${name || "getInstance"}()`);
    }
    const isProvider = typeof Object(client).resolveBooleanEvaluation === "function";
    const advice = isProvider ? ": pass the client of the OpenFeature provider" : ": pass a client";
    requireMethods("clients", client ?? null, ["flush", "close"], advice);
  }
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

/**
 * Never rejects. Clients do not reject, but an error of another object must not change how the
 * process ends.
 */
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
    // Checked before the clients are closed, because a listener added by `once` is gone afterwards.
    const isForeign = process.listeners(signal).some((listener) => !ownListeners.has(listener));
    void close().then(() => {
      if (isForeign) uninstall();
      else end();
    });
  };
  const uninstall = (): void => void process.off(signal, onSignal);
  /** Ends the process with the signal, unless it has another listener. */
  const end = (): void => {
    uninstall();
    if (process.listenerCount(signal) > 0) return;
    // The kernel ignores a signal without a listener if it is sent to process 1 (in a container).
    if (process.pid === 1) process.exit(128 + signalNumbers()[signal]);
    process.kill(process.pid, signal);
  };
  ownListeners.add(onSignal);
  // Must be the first listener, because it checks for listeners added by `once`.
  process.prependListener(signal, onSignal);
  return uninstall;
}

/** Loaded on demand, because most programs do not need it. */
function signalNumbers(): Readonly<Record<NodeJS.Signals, number>> {
  return process.getBuiltinModule("node:os").constants.signals;
}

function checked(options: ShutdownOptions): {
  readonly signals: readonly NodeJS.Signals[];
  readonly timeoutMs: number;
  readonly flushesBeforeExit: boolean;
} {
  rejectUnknownOptions(
    options,
    ["signals", "timeoutMs", "beforeExit"],
    undefined,
    explainedOn("/reference/client.md"),
  );
  const { signals = DEFAULT_SIGNALS } = options;
  const known = signalNumbers();
  if (!Array.isArray(signals) || !signals.every((signal) => Object.hasOwn(known, signal))) {
    throw new OptionError("signals", 'expected signal names, such as ["SIGTERM"]');
  }
  const fatal = signals.find((signal) => signal === "SIGKILL" || signal === "SIGSTOP");
  if (fatal !== undefined) {
    throw new OptionError(
      "signals",
      `${fatal} cannot be caught: write others, such as ["SIGTERM"]`,
    );
  }
  const bounds = { min: 0, max: 600_000 };
  return {
    signals: [...new Set(signals)],
    timeoutMs: integerOption("timeoutMs", options.timeoutMs, bounds, DEFAULT_TIMEOUT_MS),
    flushesBeforeExit: booleanOption("beforeExit", options.beforeExit, true),
  };
}
