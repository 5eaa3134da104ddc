export { expectNothingMissed, FakeTimers, INTERVAL_MS } from "./clock-day.js";
export { FIRST_ETAG, startContentServer } from "./content-server.js";
export { describeConfigurationSource } from "./describe.js";
export { RecordingSink } from "./recording-sink.js";
