import { parentPort } from "node:worker_threads";
import { messageOf } from "@sortition/core/internal";
import { LOADED, type RevisionAnswer, type RevisionMessage } from "./history/revision-thread.js";
import { RevisionWork } from "./history/revision-work.js";

const work = new RevisionWork();

parentPort?.on("message", async (message: RevisionMessage) => {
  parentPort?.postMessage(await answerOf(message));
});
parentPort?.postMessage(LOADED);

async function answerOf({ environment, task }: RevisionMessage): Promise<RevisionAnswer> {
  try {
    return { kind: "done", result: await work.do(environment, task) };
  } catch (error) {
    return { kind: "failed", message: messageOf(error) };
  }
}
