import { fork } from "node:child_process";
import { once } from "node:events";
import { LocalEvaluationClient as VendorClient } from "@amplitude/experiment-node-server";
import { amplitudeOrigin } from "@sortition/amplitude";
import { amplitude } from "@sortition/amplitude/dialect";
import { createClient } from "@sortition/core/client";
import { pollingSource } from "@sortition/node/source";
import type { Cell, Participant } from "../../../cells/cell.js";
import { builtFile } from "../../../cells/starting.js";
import { longestStall } from "../../../stall.js";
import { native, vendor } from "../peers.js";
import { type Change, MARKER } from "../versions.js";

/** How long the event loop is watched after a refresh, which leaves work to be done later. */
const AFTERMATH_MS = 400;
/** Refreshes happen on request alone. */
const NEVER_MS = 86_400_000;
const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };

/** Flags of which all changed, and flags of which one did. */
export const w10: readonly Cell[] = [cell("all", 5e6), cell("one", 2e6)];

/** A client that requests flags from a server. */
interface Follower {
  /** The version of the flags that are served. */
  version(): unknown;
  refresh(): Promise<unknown>;
}

function cell(change: Change, atMost: number): Cell {
  return {
    id: `W10-${change}`,
    title: `longest stall of the event loop while 10,000 flags arrive, ${change} changed`,
    unit: "ns",
    participants: [
      following(native.name, change, followNatively),
      following(vendor.name, change, followWithVendor),
    ],
    effort: {
      full: { rounds: 15, operations: 1, warmUpOperations: 4 },
      quick: { rounds: 2, operations: 1, warmUpOperations: 1 },
    },
    collectsGarbage: true,
    targets: [{ kind: "limit", participant: native.name, atMost }],
    // Each further refresh is checked when it is made.
    findFault: ({ firstVersion = [] }) =>
      firstVersion[0] === "0" ? null : `version ${firstVersion[0]} is served at first`,
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

function following(
  name: string,
  change: Change,
  follow: (serverUrl: string) => Promise<Follower>,
): Participant {
  return {
    name,
    async prepare() {
      const server = fork(builtFile("dialects/amplitude/payload-server.js"), [change], {
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
      const [port] = await once(server, "message");
      const follower = await follow(`http://127.0.0.1:${port}`);
      let version = 0;
      return {
        answers: { firstVersion: [follower.version()] },
        async run(operations) {
          let figure = 0;
          for (let i = 0; i < operations; i++) {
            version = 1 - version;
            server.send(version);
            await once(server, "message");
            const stall = await longestStall(() => follower.refresh(), AFTERMATH_MS);
            figure = Math.max(figure, stall);
            const served = follower.version();
            if (served !== `${version}`) throw new Error(`version ${served} is served`);
          }
          return { figure, checksum: version };
        },
      };
    },
  };
}
