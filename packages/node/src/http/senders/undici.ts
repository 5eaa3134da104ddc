import { messageOf, OptionError } from "@sortition/core/internal";
import type { Dispatcher } from "undici";

/** The parts of undici that senders use. */
export interface Undici
  extends Pick<
    typeof import("undici"),
    "Agent" | "buildConnector" | "EnvHttpProxyAgent" | "Pool" | "ProxyAgent"
  > {
  /** Sends one request through the dispatcher that it is called on. */
  readonly request: (
    this: Dispatcher,
    options: Dispatcher.RequestOptions,
  ) => Promise<Dispatcher.ResponseData>;
}

/** How to fix a bundle that cannot load undici. */
const ADVICE = "exclude it from the bundle (external: undici), and install it next to the bundle";

/** The runtime does not support undici, so a bundle is not the reason. */
class RuntimeError extends Error {}

/** Thrown if an option requires undici, which this process cannot load. */
export class UndiciMissingError extends OptionError {
  constructor(option: "dispatcher" | "proxy", cause: unknown) {
    const why = messageOf(cause);
    const isRuntime = cause instanceof RuntimeError;
    super(
      option,
      `needs undici, ${isRuntime ? why : `which cannot be loaded (${why}): ${ADVICE}`}`,
    );
  }
}

let loaded: Promise<Undici> | null = null;

/**
 * Loads undici. A failure is remembered for the process, because importing a bundled module again
 * after it threw returns incomplete exports.
 *
 * @see docs/decisions/0011-the-first-request-uses-node-http.md
 */
export function loadUndici(): Promise<Undici> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Undici> {
  // Without it, importing undici would end the process.
  if (!("WebAssembly" in globalThis)) {
    throw new RuntimeError("which needs WebAssembly: start Node.js without --jitless");
  }
  // Bundlers do not find the names of a CommonJS module that is imported like this.
  const { default: undici } = await import("undici");
  const { Agent, buildConnector, Dispatcher, EnvHttpProxyAgent, Pool, ProxyAgent } = undici;
  const { request } = Dispatcher.prototype;
  if (request === undefined) {
    throw new RuntimeError("which this runtime replaces with its own module: use Node.js");
  }
  return { Agent, buildConnector, EnvHttpProxyAgent, Pool, ProxyAgent, request };
}

let hasWarned = false;

/**
 * Warns once per process that requests use `node:http`, unless the runtime is the reason. This is
 * not an error: only proxies and dispatchers need undici.
 */
export function warnOfMissingUndici(cause: unknown): void {
  if (hasWarned || cause instanceof RuntimeError) return;
  hasWarned = true;
  process.emitWarning(
    `undici cannot be loaded (${messageOf(cause)}), so requests use node:http: ${ADVICE}`,
    "SortitionWarning",
  );
}
