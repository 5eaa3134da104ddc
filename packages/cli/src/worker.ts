import { parentPort, workerData } from "node:worker_threads";
import { rowsOf } from "./parts/for-each-part.js";
import { type PackedRecords, unpacked } from "./parts/packed-records.js";
import { openWork, type WorkPlan } from "./parts/work-plan.js";

const work = await openWork(workerData as WorkPlan); // see `WorkerPool`

parentPort?.on("message", (records: PackedRecords) => {
  parentPort?.postMessage(work.part(rowsOf(unpacked(records), records.format)));
});
