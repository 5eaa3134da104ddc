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
  typedBy,
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
  isTyped: true,
};

export function nativeBy(load: NativeParts["load"]): Peer {
  return nativePeer({ ...PARTS, load });
}

const load = (flags: Uint8Array): Configuration =>
  Configuration.from({ dialect: eppo(), payloads: { flags } });

export const observed: Peer = observedPeer({ ...PARTS, load });

export const native: EppoPeer = {
  ...nativeBy(load),
  async openBandit(flagsConfiguration, banditsConfiguration) {
    const initialConfiguration = Configuration.from({
      dialect: eppo(),
      payloads: { flags: flagsConfiguration, bandits: banditsConfiguration },
    });
    return createClient({ dialect: eppo(), initialConfiguration, diagnostics: SILENT });
  },
};

/** Our drop-in, with its defaults. Its only source is the network: a server of the same process answers. */
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
 * The vendor's SDK, by its own `init` and with all defaults (an LRU of 50,000 assignments among them). Its only source is
 * the network, so `fetch` is replaced: the body is decoded and parsed when the SDK asks for it, and everything after
 * that is the SDK's.
 *
 * Its logger is pino, silenced by LOG_LEVEL in the environment of the process. A failing evaluation still writes to
 * `console.error`, but no cell has one.
 */
export const sdk: EppoPeer = polling(
  "@eppo/node-server-sdk",
  async () => (await import("@eppo/node-server-sdk")) as unknown as EppoModule, // the same surface
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

/** Bodies of all later answers of the server. */
interface Served {
  flags: Uint8Array;
  models?: Uint8Array;
}

type EppoModule = Pick<typeof import("@sortition/eppo"), "init">;

interface Delivery {
  /** The longest interval: the poller does not poll a second time. */
  readonly longestMs: number;
  /** Serves flags as long as the process lives; returns the options by which a client finds them. */
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
    return await init(config as IClientConfig); // its type asks for a logger, its code does not
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
      // The second request of the drop-in loads undici, which no later load should pay for.
      await client.fetchFlagConfigurations();
      return {
        async load(bytes) {
          served.flags = bytes;
          // The function that the vendor's poller calls, inside a new poller, which costs microseconds.
          await client.fetchFlagConfigurations();
          served.flags = empty; // a server would not leave it in this process
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
  return { ...gettersOf(client), typed: typedBy(client), close: () => client.stopPolling() };
}
