import { EventEmitter } from "node:events";
import type { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import type { PackedRecords } from "./packed-records.js";
import type { WorkPlan } from "./record-work.js";
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

/** Creates a pool of two threads. */
function poolOf(): { pool: WorkerPool<string>; one: FakeWorker; two: FakeWorker } {
  const [one, two] = [new FakeWorker(), new FakeWorker()];
  const threads = [one, two] as unknown as Worker[]; // the members that the pool uses
  return { pool: new WorkerPool<string>(PLAN, 2, () => threads.shift() as Worker), one, two };
}

describe("WorkerPool", () => {
  it("rejects the pending parts of a failed thread, and all later parts", async () => {
    const { one, pool, two } = poolOf();
    const [first, second] = [pool.part(RECORDS), pool.part(RECORDS)];
    two.emit("error", new Error("out of memory"));
    one.emit("message", "part");
    await expect(second).rejects.toThrow("out of memory");
    expect(await first).toBe("part");
    await expect(pool.part(RECORDS)).rejects.toThrow("out of memory");
    expect([one.posted.length, two.posted.length]).toEqual([1, 1]);
    await pool.close();
  });

  it("gives each part to the thread with the shortest queue, and is busy when all queues are full", async () => {
    const { one, pool, two } = poolOf();
    const made = [pool.part(RECORDS), pool.part(RECORDS), pool.part(RECORDS)];
    expect([one.posted.length, two.posted.length]).toEqual([2, 1]);
    expect(pool.isBusy).toBe(false);
    one.emit("message", "first");
    one.emit("message", "third");
    made.push(pool.part(RECORDS), pool.part(RECORDS), pool.part(RECORDS));
    expect([one.posted.length, two.posted.length]).toEqual([4, 2]);
    expect(pool.isBusy).toBe(true);
    for (const part of ["second", "last"]) two.emit("message", part);
    for (const part of ["fourth", "fifth"]) one.emit("message", part);
    expect(await Promise.all(made)).toEqual([
      ...["first", "second", "third"],
      ...["fourth", "fifth", "last"],
    ]);
    await pool.close();
  });
});
