import type { ClientUnderTest, LoggerHarness, LoggerUnderTest } from "./harness.js";

/** One flag, `checkout`, that assigns `on` to every subject. */
const FLAGS = JSON.stringify({
  createdAt: "2026-01-01T00:00:00.000Z",
  format: "SERVER",
  environment: { name: "Test" },
  flags: {
    checkout: {
      key: "checkout",
      enabled: true,
      variationType: "STRING",
      variations: { on: { key: "on", value: "on" } },
      totalShards: 10_000,
      allocations: [
        { key: "all", rules: [], splits: [{ variationKey: "on", shards: [] }], doLog: true },
      ],
    },
  },
});

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
