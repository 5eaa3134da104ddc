// For production: change the file and the level.
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { LocalEvaluationClient, LogLevel } from "@sortition/amplitude";

const LOG_FILE = "experiment.log";
writeFileSync(LOG_FILE, "");

/** Writes warnings and errors to a file, whatever `debug` is. */
const logger = {
  debug() {},
  info() {},
  warn: (message: string) => appendFileSync(LOG_FILE, `WARN ${message}\n`),
  error: (message: string) => appendFileSync(LOG_FILE, `ERROR ${message}\n`),
};

// Flags with a cohort, and no cohort sync: the client reports that once, and each evaluation its flag.
const serverUrl = process.env["AMPLITUDE_SERVER_URL"];
const own = new LocalEvaluationClient("example", { serverUrl, logger, debug: true });
await own.start();
own.evaluateV2({ user_id: "anna" });
own.stop();
console.log(readFileSync(LOG_FILE, "utf8").trim());

// Without a logger, only errors are printed to stderr, or everything with `debug`.
const quiet = new LocalEvaluationClient("example", { serverUrl, logLevel: LogLevel.Disable });
await quiet.start();
quiet.stop();

const verbose = new LocalEvaluationClient("example", { serverUrl, debug: true });
await verbose.start();
verbose.stop();
console.log("the clients print nothing to stdout");

// Prints:
//   ERROR Cohorts found in flag configs but no cohort download configured
//   ERROR [Experiment] Flag new-checkout has cohort ids early-access unavailable, evaluation may be incorrect
//   the clients print nothing to stdout
