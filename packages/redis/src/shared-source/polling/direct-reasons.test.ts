import { beforeEach, describe, expect, it } from "vitest";
import type { Tick } from "../replies.js";
import { type WorkerPorts, WorkerState } from "../worker-state.js";
import { DirectReasons } from "./direct-reasons.js";

const LEASE_MS = 5_000;
const FREE: Partial<Tick> = { isHeld: false, leader: "", overdueMs: 0, outcome: "ok" };

let nowMs: number;
let warnings: string[];
let reasons: DirectReasons;

beforeEach(() => {
  nowMs = 0;
  warnings = [];
  const ports: object = {
    clock: { now: () => nowMs, monotonicMs: () => nowMs },
    diagnostics: { warn: (message: string) => warnings.push(message) },
    settings: { leaseMs: LEASE_MS, overdueAfterMs: 60_000, namespace: { name: "n" } },
  };
  reasons = new DirectReasons(ports as WorkerPorts, new WorkerState(ports as WorkerPorts));
});

/** Two ticks, a lease apart. */
function ticks(members: Partial<Tick>): void {
  for (let i = 0; i < 2; i++) {
    reasons.of({ ...FREE, ...members } as Tick, 0);
    nowMs += LEASE_MS;
  }
}

describe("DirectReasons", () => {
  it("reports a free lease once", () => {
    ticks({});
    ticks({});
    expect(warnings).toEqual(["no eligible worker"]);
  });

  it.each([
    { whose: "of this worker", members: { isHeld: true, leader: "self" } },
    { whose: "of another worker", members: { leader: "other" } },
  ])("reports a free lease again after a lease $whose", ({ members }) => {
    ticks({});
    ticks(members);
    ticks({});
    expect(warnings).toEqual(["no eligible worker", "no eligible worker"]);
  });
});
