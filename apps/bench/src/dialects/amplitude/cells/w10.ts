import { LocalEvaluationClient as VendorClient } from "@amplitude/experiment-node-server";
import { amplitudeOrigin } from "@sortition/amplitude";
import { amplitude } from "@sortition/amplitude/dialect";
import { createClient } from "@sortition/core/client";
import { pollingSource } from "@sortition/node/source";
import type { Cell } from "../../../cells/cell.js";
import { type Follower, REFRESHING, refreshing } from "../../../cells/refreshing.js";
import { native, vendor } from "../peers.js";
import { type Change, MARKER } from "../versions.js";

/** Refreshes happen on request alone. */
const NEVER_MS = 86_400_000;
const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };

/** Flags of which all changed, and flags of which one did. */
export const w10: readonly Cell[] = [cell("all", 5e6), cell("one", 2e6)];

function cell(change: Change, atMost: number): Cell {
  const server = ["dialects/amplitude/payload-server.js", change] as const;
  return {
    ...REFRESHING,
    id: `W10-${change}`,
    title: `longest stall of the event loop while 10,000 flags arrive, ${change} changed`,
    participants: [
      refreshing(native.name, server, followNatively),
      refreshing(vendor.name, server, followWithVendor),
    ],
    targets: [{ kind: "limit", participant: native.name, atMost }],
  };
}

async function followNatively(serverUrl: string): Promise<Follower> {
  const origin = amplitudeOrigin({ deploymentKey: "bench", serverUrl });
  const client = createClient({
    dialect: amplitude(),
    source: pollingSource(origin, { pollIntervalMs: NEVER_MS }),
    diagnostics: SILENT,
  });
  await client.waitForInitialization({ timeoutMs: 60_000 });
  return {
    version: () => client.getStringAssignment(MARKER, "user-1", {}, "nothing"),
    refresh: () => client.refresh({ timeoutMs: 60_000 }),
  };
}

async function followWithVendor(serverUrl: string): Promise<Follower> {
  const flagConfigPollingIntervalMillis = NEVER_MS;
  const client = new VendorClient("bench", {
    ...{ serverUrl, flagConfigPollingIntervalMillis, loggerProvider: SILENT },
  });
  await client.start();
  return {
    version: () => client.evaluateV2({ user_id: "user-1" }, [MARKER])[MARKER]?.value,
    // A start does what its polls do.
    refresh() {
      client.stop();
      return client.start();
    },
  };
}
