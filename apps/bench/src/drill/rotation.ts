import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { startCollector, startTestServer } from "@sortition/test-kit";
import { startRedis } from "@sortition/test-kit/redis";
import { eppoWriter } from "../dialects/eppo/writer.js";
import { MARKER } from "../dialects/writer.js";
import { ask, nextMessage, startProgram } from "../process/child.js";
import type { RotationMessage, RotationReport, RotationRequest } from "./protocol.js";
import type { DrillPlan } from "./run-drill.js";

/** Result of a key rotation. */
export interface RotationResult {
  readonly looks: number;
  readonly wrong: number;
  readonly faults: number;
  /** Exposures that were logged. */
  readonly logged: number;
  /** Those that the service has not received. */
  readonly missing: number;
  /** Those that it received more than once. */
  readonly repeated: number;
  /** Exposures that waited in Redis when the key was rotated. */
  readonly waiting: number;
  /** Exposures that the processes counted as lost or unconfirmed. */
  readonly lost: number;
  /** Exposures that the processes say that they delivered. */
  readonly delivered: number;
  /** Time from the service's recovery until Redis had no exposures left. */
  readonly recoveryMs: number;
}

const PROCESSES = 2;
/** Time limits of a busy machine. */
const PATIENCE_MS = 120_000;
const LOOK_MS = 50;
const UNAUTHORIZED = 401;

/**
 * Rotates the key of a fleet of processes behind Redis, as a rolling deployment does, while the service that receives their
 * exposures is down. Then the service works again.
 */
export async function rotateKey({ intervalMs, intervals }: DrillPlan): Promise<RotationResult> {
  await using redis = await startRedis();
  const service = await startCollector();
  const refused = new Set<string | null>();
  const body = new TextDecoder().decode(eppoWriter.bytes([eppoWriter.fixed(MARKER, "1")]));
  await using vendor = await startTestServer(({ query }) =>
    refused.has(query.get("apiKey"))
      ? { kind: "answer", status: UNAUTHORIZED }
      : { kind: "answer", headers: { "content-type": "application/json" }, body },
  );
  const children: ChildProcess[] = [];
  const start = async (apiKey: string): Promise<ChildProcess> => {
    const args = [apiKey, vendor.url, redis.url, service.url, String(intervalMs)];
    const child = startProgram("drill/rotation-worker.js", args);
    children.push(child);
    await nextMessage<RotationMessage>(child, PATIENCE_MS);
    return child;
  };
  const startAll = (apiKey: string): Promise<readonly ChildProcess[]> =>
    Promise.all(Array.from({ length: PROCESSES }, () => start(apiKey)));
  const end = (child: ChildProcess): Promise<RotationReport> =>
    ask<RotationReport>(child, "close" satisfies RotationRequest, PATIENCE_MS);
  const waiting = async (): Promise<number> =>
    Number(await redis.command("XLEN", "sortition:{drill}:v1:outbox"));
  try {
    service.answer({ kind: "status", status: 503 });
    const former = await startAll("former");
    await delay(intervals * intervalMs);
    const next = await startAll("next");
    refused.add("former");
    const reports: RotationReport[] = [];
    for (const child of former) {
      reports.push(await end(child));
      await delay(intervals * intervalMs);
    }
    const left = await waiting();
    service.answer({ kind: "ok" });
    const recoveredAtMs = performance.now();
    // What is logged while the last process ends would stay in Redis, for the next one.
    for (const child of next) await ask(child, "rest" satisfies RotationRequest, PATIENCE_MS);
    while ((await waiting()) > 0) await delay(LOOK_MS);
    const recoveryMs = performance.now() - recoveredAtMs;
    for (const child of next) reports.push(await end(child));
    const received = service.requests
      .filter(({ status }) => status === 200)
      .flatMap(({ body }) => (body as Batch).batch.map(({ userId }) => userId));
    const known = new Set(received);
    const subjects = reports.flatMap((it) => it.subjects);
    const sum = (of: Exclude<keyof RotationReport, "subjects">): number =>
      reports.reduce((total, report) => total + report[of], 0);
    return {
      ...{ looks: sum("looks"), wrong: sum("wrong"), faults: sum("faults"), waiting: left },
      ...{ lost: sum("lost"), delivered: sum("delivered"), recoveryMs, logged: subjects.length },
      missing: subjects.filter((it) => !known.has(it)).length,
      repeated: received.length - known.size,
    };
  } finally {
    for (const child of children) child.kill("SIGKILL");
    await service.close();
  }
}

/** The part of a request to Segment that is read here. */
interface Batch {
  readonly batch: readonly { readonly userId: string }[];
}

/** Formats the result as a sentence. */
export function formatRotation(result: RotationResult): string {
  const { faults, logged, looks, lost, missing, recoveryMs, repeated, waiting, wrong } = result;
  return [
    `Key rotation behind Redis, while the service that receives exposures is down: ${looks} evaluations, ${wrong} wrong;`,
    `${logged} exposures, of which ${waiting} waited in Redis; ${missing} missing, ${repeated} repeated, ${lost} reported as lost;`,
    `all delivered ${(recoveryMs / 1_000).toFixed(1)} s after the service was back; ${faults} unhandled errors.`,
  ].join("\n");
}
