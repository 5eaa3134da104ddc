import { messageOf, OptionError } from "@sortition/core/internal";
import type { Dispatcher } from "undici";

/** The parts of undici that every request uses. */
export interface Undici {
  readonly Agent: typeof import("undici").Agent;
  readonly buildConnector: typeof import("undici").buildConnector;
  /** Sends one request through the dispatcher that it is called on. */
  readonly request: (
    this: Dispatcher,
    options: Dispatcher.RequestOptions,
  ) => Promise<Dispatcher.ResponseData>;
}

/** All of undici, including the parts that only proxies use. */
export interface WholeUndici extends Undici {
  readonly Pool: typeof import("undici").Pool;
  readonly ProxyAgent: typeof import("undici").ProxyAgent;
  readonly EnvHttpProxyAgent: typeof import("undici").EnvHttpProxyAgent;
}

/** How to fix a bundle that cannot load undici. */
const ADVICE = "exclude it from the bundle (external: undici), and install it next to the bundle";

/** Thrown if an option requires undici, which this process cannot load. */
export class UndiciMissingError extends OptionError {
  constructor(option: "dispatcher" | "proxy", cause: unknown) {
    super(option, `needs undici, which cannot be loaded (${messageOf(cause)}): ${ADVICE}`);
  }
}

let loaded: Promise<Undici> | null = null;

/**
 * Loads the modules of undici that a request uses. All of undici, with `fetch`, WebSocket, caches
 * and mocks, takes four times as long, and is loaded only if a module is missing or exports
 * something else.
 *
 * A failure is remembered for the process, because importing a bundled module again after it threw
 * returns incomplete exports.
 *
 * @see docs/decisions/0011-the-first-look-goes-by-node-http.md
 */
export function loadUndici(): Promise<Undici> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Undici> {
  return (await loadModules().catch(() => null)) ?? (await loadWholeUndici());
}

/**
 * Loads all of undici. Proxies need it, because undici's main module adds the methods they connect
 * with to dispatchers.
 */
export async function loadWholeUndici(): Promise<WholeUndici> {
  const undici = await import("undici");
  const { Agent, buildConnector, Dispatcher, Pool, ProxyAgent, EnvHttpProxyAgent } = undici;
  const { request } = Dispatcher.prototype;
  return { Agent, buildConnector, request, Pool, ProxyAgent, EnvHttpProxyAgent };
}

let hasWarned = false;

/**
 * Warns once per process that requests use `node:http`. This is not an error: only proxies and
 * dispatchers need undici.
 */
export function warnOfMissingUndici(cause: unknown): void {
  if (hasWarned) return;
  hasWarned = true;
  process.emitWarning(
    `undici cannot be loaded (${messageOf(cause)}), so requests use node:http: ${ADVICE}`,
    "SortitionWarning",
  );
}

/** Returns `null` if a module does not export a function. */
async function loadModules(): Promise<Undici | null> {
  // Imports shared dependencies first, each in a separate turn, because a process that is already
  // serving must not block for twenty milliseconds.
  await import("node:http2");
  // @ts-expect-error: undici publishes no declarations for it.
  const { default: buildConnector } = await import("undici/lib/core/connect.js");
  // @ts-expect-error: undici publishes no declarations for it.
  await import("undici/lib/dispatcher/client-h1.js");
  // @ts-expect-error: undici publishes no declarations for it.
  const { default: Agent } = await import("undici/lib/dispatcher/agent.js");
  // @ts-expect-error: undici publishes no declarations for it.
  const { default: request } = await import("undici/lib/api/api-request.js");
  if (![Agent, buildConnector, request].every((it) => typeof it === "function")) return null;
  // A test compares them with the exports of undici's main module.
  return { Agent, buildConnector, request } as Undici;
}
