import { parentPort, workerData } from "node:worker_threads";
import { type PackedRecords, unpacked } from "./parts/packed-records.js";
import { type CommandPlan, openWork } from "./work-plan.js";

const work = await openWork(workerData as CommandPlan); // see `WorkerPool`

parentPort?.on("message", (records: PackedRecords) => {
  const part = work.part(unpacked(records));
  parentPort?.postMessage(part, buffersOf(part));
});

/** Returns the buffers to transfer instead of copying. */
function buffersOf(part: unknown): ArrayBuffer[] {
  const members: unknown[] = Object.values(part as object); // the type depends on the command
  return members.filter((it) => ArrayBuffer.isView(it)).map((it) => it.buffer as ArrayBuffer); // not shared
}
