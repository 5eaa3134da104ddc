import { Configuration, createClient, type Diagnostics } from "@sortition/core";
import type { BanditClient, FlagClient, Peer } from "./peer.js";

const SILENT: Diagnostics = { debug() {}, info() {}, warn() {}, error() {} };

/** Ours. */
export const sortition: Peer = {
  name: "sortition",
  createClient: async (bytes) => serve(Configuration.from({ flagsConfiguration: bytes })),
  createLoggingClient: async (bytes, memory, onAssignment) =>
    createClient({
      initialConfiguration: Configuration.from({ flagsConfiguration: bytes }),
      diagnostics: SILENT,
      assignmentLogger: { logAssignment: onAssignment },
      ...(memory === "default" ? {} : { deduplication: { assignments: { max: Infinity } } }),
    }),
  createBanditClient: async (flags, models) =>
    serve(Configuration.from({ flagsConfiguration: flags, banditsConfiguration: models })),
  async follow(baseUrl) {
    const { init } = await import("@sortition/node");
    // The longest interval: polls happen by `refresh` alone.
    const client = await init({
      apiKey: "bench",
      baseUrl,
      pollIntervalMs: 86_400_000,
      diagnostics: SILENT,
    });
    return { client, refresh: () => client.refresh({ timeoutMs: 60_000 }) };
  },
  async createLoader() {
    let configuration: Configuration | null = null;
    return {
      async load(bytes) {
        configuration = Configuration.from({ flagsConfiguration: bytes });
      },
      client() {
        if (configuration === null) throw new Error("nothing was loaded");
        return serve(configuration);
      },
    };
  },
};

function serve(initialConfiguration: Configuration): FlagClient & BanditClient {
  return createClient({ initialConfiguration, diagnostics: SILENT });
}
