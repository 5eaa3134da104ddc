export { describeRecordings, type RecordingsSuite } from "./describe.js";
export { preloadTransport } from "./preload.js";
export type {
  ScriptedReply,
  ScriptedRequest,
  ScriptedResponder,
  ScriptedServer,
  ScriptedStream,
} from "./scripted-network.js";
export { recordSituation, type Situation, type Stage } from "./situation.js";
