#!/usr/bin/env node
import { run } from "./command/run.js";

// Writing to a closed pipe must not stop the relay.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  onStop(stop) {
    // As process 1 of a container, a process ignores signals without a listener. The listeners stay, because a process group
    // and its parent each send a signal, and the second one must not interrupt open requests.
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, stop);
  },
  onReload: (reload) => void process.on("SIGHUP", reload),
});
// Everything has ended. A DNS lookup that hangs must not keep the process alive.
process.exit();
