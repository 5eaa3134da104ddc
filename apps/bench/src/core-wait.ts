import { closeSync, openSync, readSync } from "node:fs";

/**
 * Opens the kernel's account of how long the main thread has been ready to run and waited for a core, ns. It is always 0 where
 * there is none: only Linux has it.
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
      return Number(buffer.toString("latin1", 0, length).split(" ")[1]); // the first is how long it ran
    },
    close: () => closeSync(file),
  };
}
