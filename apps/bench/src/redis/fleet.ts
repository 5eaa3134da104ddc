import type { ChildProcess } from "node:child_process";
import { constants, setPriority } from "node:os";
import { ask, nextMessage, startProgram } from "../process/child.js";
import type { FleetPayload } from "./payload.js";
import type { FleetTimings, Servers, WorkerReport, WorkerSetup } from "./protocol.js";

/** Maximum time for a change, after which the measurement is aborted. */
const CHANGE_TIMEOUT_MS = 60_000;

/** Returns why no fleet can be measured on this machine, or `null`. */
export function absenceOfRedis(): string | null {
  return process.env["REDIS_SERVER_BIN"]
    ? null
    : "there is no redis-server, and REDIS_SERVER_BIN names none";
}

/**
 * Starts servers and workers, each in its own process, and waits until all workers are ready. They end with this process.
 *
 * @param givesWay - whether the fleet and its servers get a lower priority than this process. Otherwise, figures of this process
 * would include the time in which it waits for a core.
 */
export async function startFleet(
  payload: FleetPayload,
  workerCount: number,
  timings: FleetTimings,
  givesWay = false,
) {
  const start = (program: string, setup: object): ChildProcess => {
    const child = startProgram(`redis/${program}.js`, [JSON.stringify(setup)]);
    // Set immediately, because threads and child processes inherit the priority.
    if (givesWay && child.pid !== undefined)
      setPriority(child.pid, constants.priority.PRIORITY_LOW);
    return child;
  };
  const servers = start("fleet-servers", payload);
  const setup: WorkerSetup = { ...(await nextMessage<Servers>(servers)), timings };
  const latest: WorkerReport[] = [];
  let onReport = (): void => {};
  const workers = Array.from({ length: workerCount }, (_, i) => {
    const worker = start("fleet-worker", setup);
    worker.on("message", (report: WorkerReport) => {
      latest[i] = report;
      onReport();
    });
    return worker;
  });
  await Promise.all(workers.map((worker) => nextMessage(worker)));
  return {
    setup,
    change: () => ask<number>(servers, "change"),
    /** Resolves to the time at which the last worker served that version or a later one. */
    reached: (version: number) =>
      new Promise<number>((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`version ${version} did not reach all workers`)),
          CHANGE_TIMEOUT_MS,
        );
        onReport = () => {
          if (latest.some((report) => report.version < version)) return;
          clearTimeout(timer);
          onReport = () => {};
          resolve(Math.max(...latest.map(({ atMs }) => atMs)));
        };
        onReport();
      }),
  };
}

/** Starts a fleet of one worker, and a client in this process that follows it. */
export async function followFleet(
  payload: FleetPayload,
  { givesWay = false, ...timings }: Pick<FleetTimings, "tickMs"> & { readonly givesWay?: boolean },
) {
  const fleet = await startFleet(payload, 1, { pollIntervalMs: 2_000, ...timings }, givesWay);
  // Imported lazily, because processes with other measurements do not need it.
  const { openFleet } = await import("./open-fleet.js");
  const follower = openFleet(fleet.setup, false);
  await follower.client.waitForInitialization({ timeoutMs: 60_000 });
  return { ...follower, change: fleet.change };
}
