import { type ChildProcess, spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { watchBusyMachine } from "../src/index.js";

function startBurner(): ChildProcess {
  return spawn(process.execPath, ["-e", "while (true);"]);
}

describe("a limit on a busy machine", () => {
  it("increases as much as computing slows down", async () => {
    const burners = Array.from({ length: 3 * availableParallelism() }, startBurner);
    using busy = watchBusyMachine();
    await expect.poll(() => busy.boundMs(1_000)).toBeGreaterThan(1_300);
    for (const burner of burners) burner.kill();
  });

  it("does not include the work of this process", async () => {
    using busy = watchBusyMachine();
    await wait(30);
    const startedAtMs = performance.now();
    const before = process.cpuUsage();
    let workedMs = 0;
    while (workedMs < 200) {
      const { system, user } = process.cpuUsage(before);
      workedMs = (system + user) / 1_000;
    }
    await wait(30);
    const othersMs = performance.now() - startedAtMs - workedMs;
    expect(busy.boundMs(0)).toBeLessThan(100 + othersMs);
  });
});
