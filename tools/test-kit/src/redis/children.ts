import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";

/** Waits for the end of its input, and kills the process. */
const WATCH = 'read -r _; kill -9 "$0"';

/** Kills the child when this process ends, even if this process is killed, as vitest does with its workers. */
export function endWithThisProcess(child: ChildProcess): void {
  if (child.pid === undefined) return; // it did not start
  const watch = spawn("sh", ["-c", WATCH, String(child.pid)], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  watch.unref();
  // The system closes this pipe when this process ends.
  (watch.stdin as Socket).unref();
  child.once("close", () => watch.kill());
}
