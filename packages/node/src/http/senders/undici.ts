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

/** With the parts that only proxies use. */
export interface WholeUndici extends Undici {
  readonly Pool: typeof import("undici").Pool;
  readonly ProxyAgent: typeof import("undici").ProxyAgent;
  readonly EnvHttpProxyAgent: typeof import("undici").EnvHttpProxyAgent;
}

/** How a bundle that cannot load undici is mended. */
const ADVICE = "leave it out of the bundle (external: undici), and install it beside";

/** An option needs undici, which this process cannot load. */
export class UndiciMissingError extends OptionError {
  constructor(option: "dispatcher" | "proxy", cause: unknown) {
    super(option, `needs undici, which cannot be loaded (${messageOf(cause)}): ${ADVICE}`);
  }
}

let loaded: Promise<Undici> | null = null;

/**
 * Loads the modules of undici that a request uses. All of undici, with `fetch`, WebSocket, caches and
 * mocks, takes four times as long; it is loaded only if a module is missing or exports something else.
 *
 * A failure lasts for the process, because a second import of a bundled module that threw returns incomplete exports.
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

/** Proxies need it: the methods by which they connect are added to dispatchers by undici's main module. */
export async function loadWholeUndici(): Promise<WholeUndici> {
  const undici = await import("undici");
  const { Agent, buildConnector, Dispatcher, Pool, ProxyAgent, EnvHttpProxyAgent } = undici;
  const { request } = Dispatcher.prototype;
  return { Agent, buildConnector, request, Pool, ProxyAgent, EnvHttpProxyAgent };
}

let hasWarned = false;

/** Says once per process that requests go by `node:http`. It is no failure: only proxies and dispatchers need undici. */
export function warnOfMissingUndici(cause: unknown): void {
  if (hasWarned) return;
  hasWarned = true;
  process.emitWarning(
    `undici cannot be loaded (${messageOf(cause)}), so requests go by node:http: ${ADVICE}`,
    "SortitionWarning",
  );
}

/** Returns `null` if a module does not export a function. */
async function loadModules(): Promise<Undici | null> {
  // Shared dependencies are imported first, each in a turn of its own: a process that serves already
  // must not stand still for twenty milliseconds.
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
