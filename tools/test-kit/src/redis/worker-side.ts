import { machineMs } from "./machine-clock.js";
import type { WorkerMessage, WorkerRequest } from "./worker-process.js";

/** Returns the options that the test passed to this worker. */
export function workerOptions<Options>(): Options {
  return JSON.parse(process.env["SORTITION_WORKER"] ?? "null") as Options;
}

/** Reports an event to the test. */
export function report(name: string, facts: Readonly<Record<string, unknown>> = {}): void {
  tell({ kind: "event", event: { ...facts, name, atMs: machineMs() } });
}

/** Handles requests of the test. The channel does not keep this process alive. */
export function serve(requests: Readonly<Record<string, (value: never) => unknown>>): void {
  process.on("message", async ({ id, request, value }: WorkerRequest) => {
    try {
      const handle = requests[request];
      if (handle === undefined) throw new Error(`unknown request ${request}`);
      tell({ kind: "answer", id, value: await handle(value as never) });
    } catch (error) {
      tell({ kind: "answer", id, error: error instanceof Error ? error.message : String(error) });
    }
  });
  process.channel?.unref();
}

/** Reports faults that do not end the process, or that would only appear in its output. */
export function reportFaults(): void {
  process.on("unhandledRejection", (reason) =>
    report("unhandled-rejection", { message: String(reason) }),
  );
  process.on("uncaughtException", (error) =>
    report("uncaught-exception", { message: error.stack ?? String(error) }),
  );
  process.on("warning", (warning) => report("warning", { message: String(warning) }));
}

function tell(message: WorkerMessage): void {
  // The test may have ended.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
