import { visitorsOf, withoutDefault } from "../cells/evaluations.js";
import { amplitude } from "../dialects/amplitude/vendor.js";
import { eppo } from "../dialects/eppo/vendor.js";
import { growthbook } from "../dialects/growthbook/vendor.js";
import type { Opened, Peer } from "../dialects/peer.js";
import { posthog } from "../dialects/posthog/vendor.js";
import type { Vendor } from "../dialects/vendor.js";
import { MARKER, type Writer } from "../dialects/writer.js";

/** A client that polls, as an application would make it. */
export interface Polling {
  /** The version that the configuration has; `null`: the default was returned. */
  answer(): Promise<number | null>;
  /** Ends the client, as the SDK's documentation says. */
  close(): unknown;
}

/** One SDK of the drill. */
export interface DrilledSdk {
  /** For the table, and to start it by. */
  readonly name: string;
  /** What the table says besides; empty without. */
  readonly note: string;
  /** The server's answer with a version. */
  body(version: number): string;
  /** Resolves when it has the first configuration. */
  start(baseUrl: string, intervalMs: number): Promise<Polling>;
}

/** Requests are given up after this time, where an SDK has such an option. */
const REQUEST_TIMEOUT_MS = 1_000;

/** Every SDK, ours after its vendor's. Each process starts one of them. */
export const SDKS: readonly DrilledSdk[] = [eppo, growthbook, amplitude, posthog].flatMap(
  (vendor) => {
    // GrowthBook has no poller: the application refreshes.
    const note = vendor === growthbook ? "refreshed by the application" : "";
    const ours =
      vendor === eppo ? [sdkOf(vendor, { ...vendor.native, name: "@sortition/node" }, "")] : [];
    const theirs = [vendor.sdk, vendor.dropIn].filter((it) => it !== null);
    return [...theirs.map((peer) => sdkOf(vendor, peer, note)), ...ours];
  },
);

function sdkOf(vendor: Vendor, peer: Peer, note: string): DrilledSdk {
  return {
    name: peer.name,
    note,
    body: (version) => bodyOf(vendor.writer, version),
    async start(baseUrl, intervalMs) {
      const pace = { intervalMs, requestTimeoutMs: REQUEST_TIMEOUT_MS };
      const client: Opened = await peer.follow(baseUrl, { pace });
      const [visitor] = visitorsOf(vendor, ["subject"]);
      return {
        answer: async () => versionOf(await client.string(MARKER, visitor!)), // there is one
        close: () => client.close?.(),
      };
    },
  };
}

function bodyOf(writer: Writer, version: number): string {
  return new TextDecoder().decode(writer.bytes([writer.fixed(MARKER, `${version}`)]));
}

function versionOf(value: unknown): number | null {
  const version = withoutDefault(value);
  return typeof version === "string" ? Number(version) : null;
}
