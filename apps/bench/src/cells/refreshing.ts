import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { longestStall } from "../stall.js";
import type { Cell, Participant } from "./cell.js";
import { builtFile } from "./starting.js";

/** How long the event loop is watched after a refresh, which leaves work to be done later. */
export const AFTERMATH_MS = 400;

/** An SDK that asks a server for new versions. */
export interface Follower {
  /** Asks the server, and serves its answer. */
  refresh(): Promise<unknown>;
  /** The version that is served. */
  version(): unknown;
}

/** A server of `serveVersions` in its own process. */
export interface VersionsServer {
  readonly baseUrl: string;
  serve(version: number): Promise<void>;
}

/** What all cells of refreshes share. */
export const REFRESHING: Pick<Cell, "unit" | "effort" | "collectsGarbage" | "findFault"> = {
  unit: "ns",
  effort: {
    full: { rounds: 15, operations: 1, warmUpOperations: 4 },
    quick: { rounds: 2, operations: 1, warmUpOperations: 1 },
  },
  collectsGarbage: true,
  // Each further refresh is checked when it is made.
  findFault: ({ firstVersion = [] }) =>
    firstVersion[0] === "0" ? null : `version ${firstVersion[0]} is served at first`,
};

/**
 * A participant that refreshes from a server, whose versions 0 and 1 alternate. Its figure is the longest stall.
 *
 * @param server - path of the built module below `dist/`, and its argument.
 */
export function refreshing(
  name: string,
  server: readonly [entry: string, argument: string],
  follow: (baseUrl: string) => Promise<Follower>,
): Participant {
  return {
    name,
    async prepare() {
      const { baseUrl, serve } = await startVersionsServer(...server);
      const follower = await follow(baseUrl);
      let version = 0;
      return {
        answers: { firstVersion: [await follower.version()] },
        async run(operations) {
          let figure = 0;
          for (let i = 0; i < operations; i++) {
            version = 1 - version;
            await serve(version);
            const stall = await longestStall(() => refreshTo(version, follower), AFTERMATH_MS);
            figure = Math.max(figure, stall);
          }
          return { figure, checksum: version };
        },
      };
    },
  };
}

/** @throws Error if another version is served afterwards. */
export async function refreshTo(version: number, follower: Follower): Promise<void> {
  await follower.refresh();
  const served = await follower.version();
  if (served !== `${version}`) throw new Error(`version ${served} is served, not ${version}`);
}

/** Starts a module that calls `serveVersions`. */
export async function startVersionsServer(
  entry: string,
  argument: string,
): Promise<VersionsServer> {
  const server: ChildProcess = fork(builtFile(entry), [argument], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [port] = await once(server, "message");
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    async serve(version) {
      server.send(version);
      await once(server, "message");
    },
  };
}
