import type { IClientConfig } from "@eppo/node-server-sdk";
import type { Peer } from "./peer.js";

type EppoClient = Awaited<ReturnType<typeof import("@eppo/node-server-sdk").init>>;

/** The longest delay of a timer: the poller does not poll a second time. */
const NEVER_MS = 2 ** 31 - 1;

let servedBytes: Uint8Array | null = null;
let servedModels: Uint8Array | null = null;

/**
 * The vendor's SDK, by its own `init` and with all defaults (an LRU of 50,000 assignments among
 * them). Its only source is the network, so `fetch` is replaced: the body is decoded and parsed when
 * the SDK asks for it, and everything after that is the SDK's.
 *
 * Its logger is pino, silenced by LOG_LEVEL in the environment of the process. A failing evaluation
 * still writes to `console.error`, but no cell has one.
 */
export const eppo: Peer = {
  name: "@eppo/node-server-sdk",
  async createClient(bytes) {
    servedBytes = bytes;
    return await connect();
  },
  async createLoggingClient(bytes, memory, onAssignment) {
    servedBytes = bytes;
    const client = await connect({ logAssignment: onAssignment });
    if (memory === "non-expiring") client.useNonExpiringInMemoryAssignmentCache();
    return client;
  },
  async createBanditClient(flags, models) {
    servedBytes = flags;
    servedModels = models;
    return await connect();
  },
  async follow(baseUrl) {
    const { init } = await import("@eppo/node-server-sdk");
    const config = { apiKey: "bench", baseUrl, pollingIntervalMs: NEVER_MS } as IClientConfig;
    const client = await init(config); // without a logger, too
    return { client, refresh: () => client.fetchFlagConfigurations() };
  },
  async createLoader() {
    servedBytes = new TextEncoder().encode('{"flags":{}}');
    const client = await connect();
    return {
      async load(bytes) {
        servedBytes = bytes;
        // What its poller calls, with a new poller around it, which costs microseconds.
        await client.fetchFlagConfigurations();
        servedBytes = null; // a server would not leave it in this process
      },
      client: () => client,
    };
  },
};

async function connect(assignmentLogger?: IClientConfig["assignmentLogger"]): Promise<EppoClient> {
  globalThis.fetch = answerFetch;
  const { init } = await import("@eppo/node-server-sdk");
  const config = {
    apiKey: "bench",
    pollingIntervalMs: NEVER_MS,
    ...(assignmentLogger === undefined ? {} : { assignmentLogger }),
  };
  return await init(config as IClientConfig); // its type asks for a logger, its code does not
}

async function answerFetch(input: string | URL | Request): Promise<Response> {
  const isForModels = new URL(String(input)).pathname.endsWith("/bandits");
  const bytes = isForModels ? servedModels : servedBytes;
  if (bytes === null) throw new Error("nothing to serve");
  return Object.assign(new Response(), {
    json: async () => JSON.parse(new TextDecoder().decode(bytes)),
  });
}
