import { allocationWriter, TOTAL_SHARDS } from "./allocations.js";
import { FormatError, type Writer } from "./writer.js";

const FORMAT = "Datadog";

/** Writes Datadog's rules-based server configurations, without an envelope. */
export const datadogWriter: Writer = {
  ...allocationWriter({
    format: FORMAT,
    ofFlag: {},
    ofShard: { totalShards: TOTAL_SHARDS },
    valueOf(type, value) {
      if (type !== "json" || (typeof value === "object" && value !== null)) return value;
      throw new FormatError(`${FORMAT} supports only objects and lists as JSON values`);
    },
    // A string is a version.
    operatorOf: (kind, value) =>
      `${typeof value === "string" ? "SEMVER_" : ""}${kind.toUpperCase()}`,
  }),
  format: FORMAT,
  empty: {
    flags: {
      createdAt: "2026-01-01T00:00:00.000Z",
      format: "SERVER",
      environment: { name: "Test" },
      flags: {},
    },
  },
};
