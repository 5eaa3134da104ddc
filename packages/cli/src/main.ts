#!/usr/bin/env node
import { run } from "./run.js";

// If nothing reads the messages any more, go on without them.
process.stderr.on("error", () => {});

process.exitCode = await run(process.argv.slice(2), process);
