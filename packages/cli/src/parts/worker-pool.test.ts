import { EventEmitter } from "node:events";
import type { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import type { WorkPlan } from "../work-plan.js";
import type { PackedRecords } from "./packed-records.js";
import { WorkerPool } from "./worker-pool.js";

class FakeWorker extends EventEmitter {
  readonly posted: unknown[] = [];

  postMessage(message: unknown): void {
    this.posted.push(message);
  }

  async terminate(): Promise<number> {
    return 0;
  }
}

const RECORDS = { bytes: new Uint8Array(0) } as PackedRecords;
const PLAN = {} as WorkPlan;

describe("WorkerPool", () => {
  it("rejects what a thread had, and what it gets after it has ended by an error", async () => {
    const [one, two] = [new FakeWorker(), new FakeWorker()];
    const threads = [one, two] as unknown as Worker[]; // what the pool uses of it
    const pool = new WorkerPool<string>(PLAN, 2, () => threads.shift() as Worker);
    const [first, second] = [pool.part(RECORDS), pool.part(RECORDS)];
    two.emit("error", new Error("out of memory"));
    one.emit("message", "part");
    await expect(second).rejects.toThrow("out of memory");
    expect(await first).toBe("part");
    const third = pool.part(RECORDS);
    one.emit("message", "another part");
    expect(await third).toBe("another part");
    await expect(pool.part(RECORDS)).rejects.toThrow("out of memory");
    expect(two.posted).toHaveLength(1);
    await pool.close();
  });
});
