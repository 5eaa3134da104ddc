import { flagsPayload } from "../flags/flags-payload.js";
import { splitFlag } from "../flags/split-flag.js";
import type { ClientUnderTest, LoggerHarness, LoggerUnderTest } from "./harness.js";

/** One flag, `checkout`, that assigns `on` to every subject. */
const FLAGS = JSON.stringify(
  flagsPayload("eppo", [splitFlag({ key: "checkout", name: "all", shares: { on: 100 } })]),
);

/** Evaluates a flag for a subject with a real client and this logger. Returns `on`. */
export function evaluate(
  harness: LoggerHarness,
  logger: LoggerUnderTest,
  subjectKey: string,
): unknown {
  const client = createClient(harness, logger);
  return client.getStringAssignment("checkout", subjectKey, { country: "CH" }, "default");
}

/** Creates a real client with this logger. */
export function createClient(harness: LoggerHarness, logger: LoggerUnderTest): ClientUnderTest {
  return harness.createClient(logger, new TextEncoder().encode(FLAGS));
}
