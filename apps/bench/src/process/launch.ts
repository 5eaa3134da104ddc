import { join } from "node:path";
import type { Launch } from "../run-cell.js";
import { ask, nextMessage, startProgram } from "./child.js";
import type { Reply, Request } from "./protocol.js";

/** Environment of all participants. The vendor's logger reads LOG_LEVEL when it is imported. */
const ENVIRONMENT = { LOG_LEVEL: "silent", NODE_ENV: "production", NODE_OPTIONS: "" };

/** Starts participants of a built bench, each in its own process. */
export function launchIn(folder: string): Launch {
  return async ({ collectsGarbage, id }, participant) => {
    const child = startProgram(join(folder, "worker.js"), [id, participant.name], {
      env: { ...process.env, ...ENVIRONMENT },
      execArgv: collectsGarbage ? ["--expose-gc"] : [],
    });
    const asking = (request: Request) => ask<Reply>(child, request);
    const first = await nextMessage<Reply>(child);
    if (first.kind !== "ready") child.kill("SIGKILL");
    if (first.kind !== "ready") throw unexpected(first);
    return {
      ...first,
      async warmUp({ warmUpOperations }) {
        const reply = await asking({ kind: "warm-up", operations: warmUpOperations });
        if (reply.kind !== "warm") throw unexpected(reply);
      },
      async round({ operations }) {
        const reply = await asking({ kind: "round", operations, collectsGarbage });
        if (reply.kind !== "round") throw unexpected(reply);
        return reply.round;
      },
      end: () => void child.kill("SIGKILL"),
    };
  };
}

function unexpected(reply: Reply): Error {
  return new Error(reply.kind === "failed" ? reply.message : `unexpected reply ${reply.kind}`);
}
