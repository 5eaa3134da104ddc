import type { Reading } from "./cell.js";

/** Returns the bytes that one operation allocates on the heap. */
export async function garbageOf(
  run: (operations: number) => number | Promise<number>,
  operations: number,
): Promise<Reading> {
  let checksum = 0;
  const bytesOf = async (count: number): Promise<number> => {
    const { heapUsed } = process.memoryUsage();
    const result = run(count);
    checksum += typeof result === "number" ? result : await result;
    return process.memoryUsage().heapUsed - heapUsed;
  };
  // Reading the heap size allocates, too.
  let ofNothing = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) ofNothing = Math.min(ofNothing, await bytesOf(0));
  return { figure: ((await bytesOf(operations)) - ofNothing) / operations, checksum };
}
