export { it } from "./collector-test.js";
export { describeAnalyticsLogger } from "./describe.js";
export { describeTrackCalls } from "./describe-track-calls.js";
export { assignment, banditAction, TIMESTAMP } from "./events.js";
export {
  acceptedBy,
  type Borrowed,
  type LoggerHarness,
  PATIENT,
  type SentEvent,
} from "./harness.js";
export { HURRIED } from "./hurried.js";
export { itWeathersStorms } from "./storm.js";
export { fakeTrackScript, trackCallsOf, trackedEventsOf } from "./track-call.js";
