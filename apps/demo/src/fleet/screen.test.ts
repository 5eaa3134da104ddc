import { describe, expect, it } from "vitest";
import type { FleetWorker } from "./fleet.js";
import { summaryOf } from "./screen.js";

function worker(name: string, role: string | null, release: number, isRunning = true): FleetWorker {
  const last = role === null ? null : { role, revision: 1, ageMs: 5, release, requests: 0 };
  return { name, last, isRunning };
}

describe("summaryOf", () => {
  it("counts roles and releases of running workers", () => {
    const workers = [
      worker("worker 1", "leader", 2, false),
      worker("worker 2", "follower", 2),
      worker("worker 3", "leader", 3),
      worker("worker 4", "follower", 3),
      worker("worker 5", null, 0),
    ];
    expect(summaryOf(workers)).toBe("leader: worker 3, 2 × follower, 1 × release 2, 2 × release 3");
  });

  it("shows that there is no leader", () => {
    expect(summaryOf([worker("worker 1", "direct", 1)])).toBe(
      "leader: none, 1 × direct, 1 × release 1",
    );
  });
});
