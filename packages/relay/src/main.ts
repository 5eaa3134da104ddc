#!/usr/bin/env node
import { run } from "./command/run.js";

// If nothing reads the messages any more, go on without them.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  onStop(stop) {
    // As process 1 of a container, signals without a listener have no effect.
    // They stay: a process group and its parent each send one, and the second must not break requests that finish.
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, stop);
  },
  onReload: (reload) => void process.on("SIGHUP", reload),
});
// A name look-up that hangs must not hold the process: everything has ended.
process.exit();
