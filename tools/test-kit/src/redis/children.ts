import type { ChildProcess } from "node:child_process";

const running = new Set<ChildProcess>();

/** Lets no child survive a test run that was interrupted. */
export function endWithThisProcess(child: ChildProcess): void {
  if (running.size === 0) process.once("exit", killAll);
  running.add(child);
  child.once("close", () => {
    running.delete(child);
    if (running.size === 0) process.off("exit", killAll);
  });
}

function killAll(): void {
  for (const child of running) child.kill("SIGKILL");
}
