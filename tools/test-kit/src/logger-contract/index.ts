export { describeAnalyticsLogger } from "./describe.js";
export { describeTrackCalls } from "./describe-track-calls.js";
export { assignment, banditAction, TIMESTAMP } from "./events.js";
export {
  acceptedBy,
  type Borrowed,
  type LoggerHarness,
  type LoggerUnderTest,
  type SentEvent,
} from "./harness.js";
export { itWeathersStorms } from "./storm.js";
export { fakeTrackScript, trackCallsOf, trackedEventsOf } from "./track-call.js";
