export { openBlackHole } from "./black-hole.js";
export { type Child, type ChildResult, ENDS_MS, startChild } from "./child.js";
export { type CollectedRequest, type Collector, startCollector } from "./collector.js";
export { conformanceFolder } from "./conformance.js";
export { createFakeClock, type FakeClock, type FakeClockOptions } from "./fake-clock.js";
export { growthOf } from "./growth.js";
export {
  type RecordedRequest,
  type Reply,
  type Responder,
  startTestServer,
  type TestServer,
} from "./http-server.js";
export { ownFetch } from "./own-fetch.js";
export { listenOnOwnPort } from "./own-port.js";
export { patientClock } from "./patient-clock.js";
export { seededRandom } from "./random.js";
export { selfSignedCertificate } from "./self-signed.js";
export { signalListeners } from "./signal-listeners.js";
export { waitInTurns } from "./wait-in-turns.js";
export { ifWhole, isInPart, isLong, isWhole, PARTS } from "./whole.js";
export { wrappings } from "./wrappings.js";
