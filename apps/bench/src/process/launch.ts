import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Cell, Participant } from "../cells/cell.js";
import type { Contestant, Launch } from "../run-cell.js";
import { ask, nextMessage, startProgram } from "./child.js";
import type { Reply, Request } from "./protocol.js";

/** The vendor's logger reads LOG_LEVEL at import. All participants have the same environment. */
const ENVIRONMENT = { LOG_LEVEL: "silent", NODE_ENV: "production", NODE_OPTIONS: "" };

/** Starts a participant of this build in a process of its own. */
export const launchProcess: Launch = launchIn(dirname(fileURLToPath(import.meta.url)));

/** Starts participants of a built bench, each in a process of its own. */
export function launchIn(folder: string): Launch {
  return (cell, participant) => launchWorker(join(folder, "worker.js"), cell, participant);
}

async function launchWorker(
  worker: string,
  cell: Cell,
  participant: Participant,
): Promise<Contestant> {
  const child = startProgram(worker, [cell.id, participant.name], {
    env: { ...process.env, ...ENVIRONMENT },
    execArgv: cell.collectsGarbage ? ["--expose-gc"] : [],
  });
  const asking = (request: Request) => ask<Reply>(child, request);
  const first = await nextMessage<Reply>(child);
  if (first.kind !== "ready") child.kill("SIGKILL");
  if (first.kind === "absent") return { kind: "absent", reason: first.reason };
  if (first.kind !== "ready") throw unexpected(first);
  return {
    kind: "ready",
    answers: first.answers,
    async warmUp({ warmUpOperations }) {
      const reply = await asking({ kind: "warm-up", operations: warmUpOperations });
      if (reply.kind !== "warm") throw unexpected(reply);
    },
    async round({ operations }) {
      const { collectsGarbage } = cell;
      const reply = await asking({ kind: "round", operations, collectsGarbage });
      if (reply.kind !== "round") throw unexpected(reply);
      return reply.round;
    },
    end() {
      child.kill("SIGKILL");
    },
  };
}

function unexpected(reply: Reply): Error {
  return new Error(reply.kind === "failed" ? reply.message : `unexpected reply ${reply.kind}`);
}
