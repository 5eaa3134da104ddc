#!/usr/bin/env node
import { runCommandLine } from "./command-line.js";

// Nobody reads messages any more: go on without them.
process.stderr.on("error", () => {});

process.exitCode = await runCommandLine(process.argv.slice(2), process);
