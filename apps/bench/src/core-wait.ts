import { closeSync, openSync, readSync } from "node:fs";

/**
 * Opens the kernel's statistics of how long the main thread has waited for a core although it was ready to run, in ns. Only
 * Linux has them; elsewhere the result is always 0.
 */
export function openCoreWait() {
  let file: number;
  try {
    file = openSync(`/proc/self/task/${process.pid}/schedstat`, "r");
  } catch {
    return { readNs: () => 0, close() {} };
  }
  const buffer = Buffer.alloc(64);
  return {
    readNs() {
      const length = readSync(file, buffer, 0, buffer.length, 0);
      return Number(buffer.toString("latin1", 0, length).split(" ")[1]); // the first number is the time that it ran
    },
    close: () => closeSync(file),
  };
}
