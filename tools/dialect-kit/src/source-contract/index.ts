export { SOURCE_CHECKS, type SourceCheck } from "./checks.js";
export { type ClockDay, expectNothingMissed, FakeTimers, INTERVAL_MS } from "./clock-day.js";
export { type ContentServer, FIRST_ETAG, startContentServer } from "./content-server.js";
export { describeConfigurationSource, type SourceAbility } from "./describe.js";
export type { SourceHarness, SourceUnderTest } from "./harness.js";
export { RecordingSink, type SinkCall } from "./recording-sink.js";
