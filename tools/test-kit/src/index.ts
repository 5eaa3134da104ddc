export { type BlackHole, openBlackHole } from "./black-hole.js";
export { type Child, type ChildOptions, type ChildResult, ENDS_MS, startChild } from "./child.js";
export {
  type CollectedRequest,
  type Collector,
  type CollectorMode,
  startCollector,
} from "./collector.js";
export { conformanceFolder } from "./conformance.js";
export {
  createFakeClock,
  type FakeClock,
  type FakeClockOptions,
  type PendingTimer,
} from "./fake-clock.js";
export { growthOf, type Work } from "./growth.js";
export {
  type RecordedRequest,
  type Reply,
  type Responder,
  startTestServer,
  type TestServer,
} from "./http-server.js";
export { ownFetch } from "./own-fetch.js";
export { listenOnOwnPort } from "./own-port.js";
export { type PatientClock, patientClock } from "./patient-clock.js";
export { seededRandom } from "./random.js";
export { type ServerCertificate, selfSignedCertificate } from "./self-signed.js";
export { signalListeners } from "./signal-listeners.js";
export { waitInTurns } from "./wait-in-turns.js";
export { ifWhole, isInPart, isLong, isWhole, PARTS } from "./whole.js";
export { type Wrapping, wrappings } from "./wrappings.js";
