import { Configuration, createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import type { EppoClient, IClientConfig } from "@sortition/eppo";
import { serve } from "../../process/serving.js";
import {
  gettersOf,
  type NativeParts,
  NEVER_MS,
  nativePeer,
  nodeOptions,
  observedPeer,
  PATIENCE_MS,
  SILENT,
} from "../native.js";
import type { Opened, Peer } from "../peer.js";

export interface EppoPeer extends Peer {
  openBandit(flags: Uint8Array, models: Uint8Array): Promise<Pick<EppoClient, "getBanditAction">>;
}

const PARTS: Omit<NativeParts, "load"> = {
  create: (initialConfiguration, options) =>
    createClient({ dialect: eppo(), initialConfiguration, ...options }),
  async follow(baseUrl, options) {
    const { init } = await import("@sortition/node");
    return await init({ ...nodeOptions(baseUrl, options), assignmentLogger: null });
  },
};

const load = (flags: Uint8Array): Configuration =>
  Configuration.from({ dialect: eppo(), payloads: { flags } });

export const observed: Peer = observedPeer({ ...PARTS, load });

export const native: EppoPeer = {
  ...nativePeer({ ...PARTS, load }),
  async openBandit(flagsConfiguration, banditsConfiguration) {
    const initialConfiguration = Configuration.from({
      dialect: eppo(),
      payloads: { flags: flagsConfiguration, bandits: banditsConfiguration },
    });
    return createClient({ dialect: eppo(), initialConfiguration, diagnostics: SILENT });
  },
};

/** Our drop-in with its defaults. Its only source is the network, so this process also runs a server. */
export const dropIn: EppoPeer = polling("@sortition/eppo", () => import("@sortition/eppo"), {
  longestMs: NEVER_MS,
  async serve(served) {
    const baseUrl = await serve(({ url = "" }, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(/\/bandits\b/.test(url) ? served.models : served.flags);
    });
    return { baseUrl };
  },
});

/**
 * The vendor's SDK with its own `init` and all defaults, including an LRU of 50,000 assignments. Its only source is the
 * network, so `fetch` is replaced. The body is decoded and parsed when the SDK reads it, and everything after that is the
 * SDK's code.
 *
 * Its logger is pino, silenced with the environment variable LOG_LEVEL. Failed evaluations still write to `console.error`, but
 * no benchmark has a failed evaluation.
 */
export const sdk: EppoPeer = polling(
  "@eppo/node-server-sdk",
  async () => (await import("@eppo/node-server-sdk")) as unknown as EppoModule, // has the same methods
  {
    longestMs: 2 ** 31 - 1,
    async serve(served) {
      globalThis.fetch = async (input) => {
        const isForModels = new URL(String(input)).pathname.endsWith("/bandits");
        const bytes = isForModels ? served.models : served.flags;
        const json = async () => JSON.parse(new TextDecoder().decode(bytes));
        return Object.assign(new Response(), { json });
      };
      return {};
    },
  },
);

/** Bodies of all later responses of the server. */
interface Served {
  flags: Uint8Array;
  models?: Uint8Array;
}

type EppoModule = Pick<typeof import("@sortition/eppo"), "init">;

interface Delivery {
  /** A polling interval that is long enough to prevent a second poll. */
  readonly longestMs: number;
  /** Serves flags until the process ends. Returns the options for clients. */
  serve(served: Served): Promise<Partial<IClientConfig>>;
}

function polling(
  name: string,
  load: () => Promise<EppoModule>,
  { longestMs, serve }: Delivery,
): EppoPeer {
  const connect = async (options: Partial<IClientConfig>): Promise<EppoClient> => {
    const { init } = await load();
    const config = {
      apiKey: "bench",
      pollingIntervalMs: longestMs,
      diagnostics: SILENT,
      ...options,
    };
    return await init(config as IClientConfig); // only its type requires a logger
  };
  return {
    name,
    async open(flags, logged) {
      const source = await serve({ flags });
      if (logged === undefined) return openedBy(await connect(source));
      const assignmentLogger = { logAssignment: logged.onEvent };
      const client = await connect({ ...source, assignmentLogger });
      if (logged.memory === "non-expiring") client.useNonExpiringInMemoryAssignmentCache();
      return openedBy(client);
    },
    openBandit: async (flags, models) => await connect(await serve({ flags, models })),
    async loader() {
      const empty = new TextEncoder().encode('{"flags":{}}');
      const served: Served = { flags: empty };
      const client = await connect(await serve(served));
      // The drop-in loads undici with its second request. This request does so before anything is timed.
      await client.fetchFlagConfigurations();
      return {
        async load(bytes) {
          served.flags = bytes;
          // The vendor's poller calls the same function. Creating a new poller takes microseconds.
          await client.fetchFlagConfigurations();
          served.flags = empty; // a real server would keep the flags in another process
          return () => openedBy(client);
        },
      };
    },
    async follow(baseUrl, { pace }) {
      const { intervalMs = longestMs, requestTimeoutMs = PATIENCE_MS } = pace ?? {};
      const client = await connect({ baseUrl, pollingIntervalMs: intervalMs, requestTimeoutMs });
      return { ...openedBy(client), refresh: () => client.fetchFlagConfigurations() };
    },
  };
}

function openedBy(client: EppoClient): Opened {
  return { ...gettersOf(client), close: () => client.stopPolling() };
}
