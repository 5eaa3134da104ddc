import { type AssignmentLogger, Configuration, createClient } from "@sortition/core";

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

/** Evaluates a flag for a subject with a real client that logs here. Everybody gets `on`. */
export function evaluate(assignmentLogger: AssignmentLogger, subjectKey: string): string {
  const flagsConfiguration = new TextEncoder().encode(FLAGS);
  const initialConfiguration = Configuration.from({ flagsConfiguration });
  const client = createClient({ initialConfiguration, assignmentLogger });
  return client.getStringAssignment("checkout", subjectKey, { country: "CH" }, "default");
}
