import type { Dispatcher } from "undici";

/** What every request uses of undici. */
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

/**
 * Loads the modules of undici that a request uses. All of undici, with `fetch`, WebSocket, caches and
 * mocks, takes four times as long; it is loaded only if a module is missing or exports something else.
 *
 * @see docs/decisions/0011-the-used-parts-of-undici.md
 */
export async function loadUndici(): Promise<Undici> {
  return (await loadModules().catch(() => null)) ?? (await loadWholeUndici());
}

/** Proxies need it: the methods by which they connect are added to dispatchers by undici's main module. */
export async function loadWholeUndici(): Promise<WholeUndici> {
  const undici = await import("undici");
  const { Agent, buildConnector, Dispatcher, Pool, ProxyAgent, EnvHttpProxyAgent } = undici;
  const { request } = Dispatcher.prototype;
  return { Agent, buildConnector, request, Pool, ProxyAgent, EnvHttpProxyAgent };
}

/** Returns `null` if a module does not export a function. */
async function loadModules(): Promise<Undici | null> {
  const modules: { readonly default: unknown }[] = await Promise.all([
    // @ts-expect-error: undici publishes no declarations for it.
    import("undici/lib/dispatcher/agent.js"),
    // @ts-expect-error: undici publishes no declarations for it.
    import("undici/lib/core/connect.js"),
    // @ts-expect-error: undici publishes no declarations for it.
    import("undici/lib/api/api-request.js"),
  ]);
  const [Agent, buildConnector, request] = modules.map((module) => module.default);
  if (![Agent, buildConnector, request].every((it) => typeof it === "function")) return null;
  // A test compares them with what undici's main module exports.
  return { Agent, buildConnector, request } as Undici;
}
