import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { EppoClient, IClientConfig } from "@sortition/eppo";
import type { Peer } from "./peer.js";

/** The longest interval: the poller does not poll a second time. */
const NEVER_MS = 86_400_000;

/** What a server answers from now on. */
interface Served {
  flags: Uint8Array;
  models?: Uint8Array;
}

/** Our drop-in, with its defaults. Its only source is the network: a server of the same process answers. */
export const facade: Peer = {
  name: "@sortition/eppo",
  createClient: async (flags) => connect(await serve({ flags })),
  async createLoggingClient(flags, memory, onAssignment) {
    const assignmentLogger = { logAssignment: onAssignment };
    const client = await connect(await serve({ flags }), { assignmentLogger });
    if (memory === "non-expiring") client.useNonExpiringInMemoryAssignmentCache();
    return client;
  },
  createBanditClient: async (flags, models) => connect(await serve({ flags, models })),
  async follow(baseUrl) {
    const client = await connect(baseUrl);
    return { client, refresh: () => client.fetchFlagConfigurations() };
  },
  async createLoader() {
    const empty = new TextEncoder().encode('{"flags":{}}');
    const served: Served = { flags: empty };
    const client = await connect(await serve(served));
    // The second request loads undici, which no later load should pay for.
    await client.fetchFlagConfigurations();
    return {
      async load(bytes) {
        served.flags = bytes;
        await client.fetchFlagConfigurations();
        served.flags = empty; // a server would not leave it in this process
      },
      client: () => client,
    };
  },
};

async function connect(baseUrl: string, options: Partial<IClientConfig> = {}): Promise<EppoClient> {
  const { init } = await import("@sortition/eppo");
  const config = {
    apiKey: "bench",
    baseUrl,
    pollingIntervalMs: NEVER_MS,
    diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
    ...options,
  };
  return await init(config as IClientConfig); // its type asks for a logger, its code does not
}

/** Starts a server that lives as long as the process, and returns its address. */
async function serve(served: Served): Promise<string> {
  const server = createServer(({ url = "" }, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(/\/bandits\b/.test(url) ? served.models : served.flags);
  });
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens
}
