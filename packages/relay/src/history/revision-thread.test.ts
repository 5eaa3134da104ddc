import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { createFakeClock } from "@sortition/test-kit";
import { expect, it } from "vitest";
import { RevisionThread } from "./revision-thread.js";

const PROGRAM = `
const { parentPort } = require("node:worker_threads");
parentPort.on("message", () => parentPort.postMessage({ kind: "done", result: [] }));
parentPort.postMessage("loaded");
`;

it("the thread of explanations ends after a minute without tasks, and starts with the next one", async () => {
  const clock = createFakeClock();
  const workers: Worker[] = [];
  const start = (): Worker => {
    const worker = new Worker(PROGRAM, { eval: true });
    workers.push(worker);
    return worker;
  };
  const thread = new RevisionThread(clock, start);
  const environment = {
    name: "shop",
    dialect: "eppo",
    evaluate: false,
    options: {},
    path: "",
  } as const;
  const ask = async (): Promise<unknown> => {
    const subject = { subjectKey: "alice", attributes: {}, nowMs: 0 };
    const at = { revision: "a", parts: [] };
    return await thread.ask(environment, { kind: "flags", at, subject, keys: [] });
  };
  expect(await ask()).toEqual([]);
  await clock.advance(59_999);
  expect(await ask()).toEqual([]);
  expect(workers).toHaveLength(1);
  const ended = once(workers[0] as Worker, "exit"); // one was started
  await clock.advance(60_000);
  await ended;
  expect(await ask()).toEqual([]);
  expect(workers).toHaveLength(2);
  await thread.close();
});
