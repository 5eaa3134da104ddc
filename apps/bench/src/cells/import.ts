import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Cell, Participant } from "./cell.js";

const EMPTY = "an empty module";
const OURS = "@sortition/node";

/** From the start of a process that imports one thing to its end. */
export const importing: Cell = {
  id: "import",
  title: "a process that imports one module, from start to end",
  participants: [
    starting(OURS, "sortition.js", OURS),
    starting("@eppo/node-server-sdk", "eppo.js", "@eppo/node-server-sdk"),
    starting(EMPTY, "empty.js", null),
  ],
  effort: {
    full: { rounds: 40, operations: 1, warmUpOperations: 1 },
    quick: { rounds: 8, operations: 1, warmUpOperations: 1 },
  },
  collectsGarbage: false,
  targets: [{ kind: "excess", participant: OURS, over: EMPTY, atMostMs: 10 }],
  // A process that cannot import ends with an error, which ends the cell.
  findFault: () => null,
};

/** A participant that is a process, from its start to its end. */
export function starting(name: string, entry: string, dependency: string | null): Participant {
  return {
    name,
    absence: () =>
      dependency === null || isInstalled(dependency) ? null : `${dependency} is not built`,
    async prepare() {
      const file = fileURLToPath(new URL(`./imports/${entry}`, import.meta.url));
      return {
        answers: {},
        run(operations) {
          for (let i = 0; i < operations; i++) start(file);
          return operations;
        },
      };
    },
  };
}

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}

function start(file: string): void {
  const { status, error } = spawnSync(process.execPath, [file], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${file} ended with ${status}`);
}
