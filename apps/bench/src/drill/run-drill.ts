import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { type Reply, startTestServer } from "@sortition/test-kit";
import { MARKER } from "../dialects/writer.js";
import { ask, nextMessage, startProgram } from "../process/child.js";
import type { DrillMessage, DrillRequest } from "./protocol.js";
import type { DrilledSdk } from "./sdks.js";

export type Fault = "hang" | "drip" | "500s" | "garbage";

/** Responses of the vendor's server by fault. */
export const FAULTS: Readonly<Record<Fault, Reply>> = {
  hang: { kind: "hang" },
  drip: { kind: "drip", everyMs: 50 },
  "500s": { kind: "answer", status: 500, body: "no" },
  garbage: {
    kind: "answer",
    headers: { "content-type": "application/json" },
    body: '<html>{"flags": [1, ',
  },
};

export interface DrillPlan {
  readonly intervalMs: number;
  readonly intervals: number;
  /** Maximum number of intervals until the SDK serves the next version after the fault. */
  readonly recoveryIntervals: number;
}

export interface DrillResult {
  readonly sdk: string;
  readonly fault: Fault;
  /** Evaluations during the fault, and those that returned the default or threw. */
  readonly looks: number;
  readonly wrong: number;
  readonly requests: number;
  readonly faults: number;
  /** Time from the end of the fault to the next version; `null` if it took too long. */
  readonly recoveryMs: number | null;
  /** Time from `close` to the end of the process while the server hangs; `null` if it took more than ten seconds. */
  readonly exitMs: number | null;
  /** Why there is no result, or `null`. */
  readonly failure: string | null;
}

/** Time limit of a message on a busy machine. */
const PATIENCE_MS = 120_000;
const EXIT_MS = 10_000;
const LOOK_MS = 20;

/** Runs one SDK through one fault, in its own process. */
export async function drill(sdk: DrilledSdk, fault: Fault, plan: DrillPlan): Promise<DrillResult> {
  const { intervalMs, intervals, recoveryIntervals } = plan;
  await using server = await startTestServer(answerOf(sdk, 1));
  const child = startProgram("drill/drill-worker.js", [sdk.name, server.url, String(intervalMs)], {
    // The vendor's logger reads LOG_LEVEL at import.
    env: { ...process.env, LOG_LEVEL: "silent", NODE_ENV: "production", NODE_OPTIONS: "" },
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const nothing = {
    ...{ sdk: sdk.name, fault, looks: 0, wrong: 0, requests: 0, faults: 0 },
    ...{ recoveryMs: null, exitMs: null, failure: null },
  };
  try {
    const ready = await nextMessage<DrillMessage>(child, PATIENCE_MS);
    if (ready.kind !== "ready" || ready.version !== 1) {
      const why = ready.kind === "failed" ? ready.message : "has no configuration";
      return { ...nothing, failure: `does not start: ${why}` };
    }
    await report(child); // resets the counts
    const requestsBefore = server.requests.length;
    server.respond(FAULTS[fault]);
    await delay(intervals * intervalMs);
    const { faults, looks, wrong } = await report(child);
    const during = { looks, wrong, requests: server.requests.length - requestsBefore, faults };
    server.respond(answerOf(sdk, 2));
    const recoveryMs = await recovery(child, recoveryIntervals * intervalMs);
    server.respond(FAULTS.hang);
    // A request may be in flight when the fault ends.
    await delay(3 * intervalMs);
    return { ...nothing, ...during, recoveryMs, exitMs: await end(child) };
  } catch (error) {
    return { ...nothing, failure: (error as Error).message }; // only errors are thrown above
  } finally {
    child.kill("SIGKILL");
  }
}

function answerOf({ vendor: { writer } }: DrilledSdk, version: number): Reply {
  const bytes = writer.bytes([writer.fixed(MARKER, `${version}`)]);
  return {
    kind: "answer",
    headers: { "content-type": "application/json" },
    body: new TextDecoder().decode(bytes),
  };
}

async function recovery(child: ChildProcess, limitMs: number): Promise<number | null> {
  const startMs = performance.now();
  while (performance.now() - startMs < limitMs) {
    if ((await report(child)).version === 2) return performance.now() - startMs;
    await delay(LOOK_MS);
  }
  return null;
}

async function end(child: ChildProcess): Promise<number | null> {
  const gone = once(child, "exit");
  await ask(child, "close" satisfies DrillRequest, PATIENCE_MS);
  const startMs = performance.now();
  const limit = delay(EXIT_MS, null, { ref: false });
  return (await Promise.race([gone, limit])) === null ? null : performance.now() - startMs;
}

async function report(child: ChildProcess): Promise<Extract<DrillMessage, { kind: "report" }>> {
  const message = await ask<DrillMessage>(child, "report" satisfies DrillRequest, PATIENCE_MS);
  if (message.kind !== "report") throw new Error(`unexpected message ${message.kind}`);
  return message;
}
