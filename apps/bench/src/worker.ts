// A participant's process. Prepares one participant for one cell, and then handles requests.
import { CELLS } from "./cells/catalogue.js";
import type { Task } from "./cells/cell.js";
import type { Reply, Request, Round } from "./process/protocol.js";

const [, , cellId, participantName] = process.argv;
const participant = CELLS.find(({ id }) => id === cellId)?.participants.find(
  ({ name }) => name === participantName,
);
if (participant === undefined) throw new Error(`no ${participantName} in ${cellId}`);

// Without the parent process, timers of an SDK could keep this one alive.
process.on("disconnect", () => process.exit());

await replying(async () => {
  const task = await participant.prepare();
  process.on("message", (request: Request) => void replying(() => obey(task, request)));
  return { kind: "ready", answers: task.answers };
});

async function replying(act: () => Promise<Reply>): Promise<void> {
  const failed = (cause: unknown): Reply => {
    const message = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    return { kind: "failed", message };
  };
  process.send?.(await act().catch(failed));
}

async function obey(task: Task, request: Request): Promise<Reply> {
  switch (request.kind) {
    case "warm-up":
      await time(task, request.operations);
      return { kind: "warm" };
    case "round":
      if (request.collectsGarbage) globalThis.gc?.();
      return { kind: "round", round: await time(task, request.operations) };
  }
}

async function time(task: Task, operations: number): Promise<Round> {
  const startedAtNs = process.hrtime.bigint();
  const result = await task.run(operations);
  const elapsedNs = Number(process.hrtime.bigint() - startedAtNs);
  return typeof result === "number"
    ? { operations, figure: elapsedNs / operations, checksum: result }
    : { operations, ...result };
}
