import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { startCommand } from "./command.js";
import { later, VARIABLES } from "./start.js";

const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;

/** Whether processes can be measured, which uses `/proc`. The bounds of such tests are wide: they detect a wrong design. */
export const isLinux: boolean = process.platform === "linux";

export interface Usage {
  readonly cpuMs: number;
  readonly rssBytes: number;
}

export function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  const ticks = Number(stat[11]) + Number(stat[12]);
  return {
    cpuMs: (ticks * 1_000) / TICKS_PER_SECOND,
    rssBytes: Number(stat[21]) * PAGE_BYTES,
  };
}

export interface MeasuredRelay {
  /** URL for operators and Prometheus. */
  readonly admin: string;
  readonly pid: number;
  readonly url: string;
}

/** Starts a relay in its own process, and waits until it is ready. */
export async function startMeasured(
  environment: object,
  members: object = {},
): Promise<MeasuredRelay> {
  const folder = mkdtempSync(join(tmpdir(), "relay-"));
  later(async () => rmSync(folder, { recursive: true }));
  const file = join(folder, "relay.json");
  writeFileSync(
    file,
    JSON.stringify({ listen: 0, admin: { listen: 0 }, environments: [environment], ...members }),
  );
  const relay = startCommand(["--config", file], { env: VARIABLES });
  const url = await relay.listening();
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(200);
  return { admin: relay.admin, pid: relay.pid, url };
}

/** Returns the longest delay of a relay's event loop since the last call, in milliseconds. */
export async function longestTurnOf({ admin }: { readonly admin: string }): Promise<number> {
  const text = await (await fetch(`${admin}/metrics`)).text();
  return Number(/^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text)?.[1]) * 1_000;
}
