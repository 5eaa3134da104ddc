import { expect } from "vitest";
import { startChild } from "./child.js";

/** Number of clients that start and end one after another. */
export const CYCLES = 1_000;
/** Cycles before the first measurement, in which code is compiled and modules are loaded. */
const WARM_UP = 1_500;

/** Statements of an ES module. Bare imports are resolved from `cwd`. */
export interface Lives {
  readonly cwd: string;
  /** Imports, and what all clients share. */
  readonly setUp: string;
  /** The life of client number `i`. */
  readonly life: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs clients in a child process, one after another. Returns by how many bytes `CYCLES` of them make its heap grow. */
export async function heapGrowthOf({ cwd, env, life, setUp }: Lives): Promise<number> {
  const script = `${setUp}
    let i = 0; // continues to count, because each cycle may have its own key
    const run = async (cycles) => {
      for (const end = i + cycles; i < end; i++) {${life}
      }
    };
    const heapBytes = async () => {
      for (let i = 0; i < 10; i++) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        gc();
      }
      return process.memoryUsage().heapUsed;
    };
    await run(${WARM_UP});
    const beforeBytes = await heapBytes();
    await run(${CYCLES});
    console.log((await heapBytes()) - beforeBytes);
    process.exit(0);`;
  const nodeOptions = ["--expose-gc"];
  const child = startChild({ script, cwd, env, nodeOptions, timeoutMs: 600_000 });
  const { exitCode, stderr, stdout } = await child.ended;
  expect([exitCode, stderr]).toEqual([0, ""]);
  return Number(stdout);
}
