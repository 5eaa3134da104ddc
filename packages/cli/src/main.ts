#!/usr/bin/env node
import { run } from "./run.js";

// Keep running if the reader of the messages is gone.
process.stderr.on("error", () => {});

process.exitCode = await run(process.argv.slice(2), process);
