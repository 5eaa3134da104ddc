export { describeRecordings } from "./describe.js";
export { preloadTransport } from "./preload.js";
export type { ScriptedReply, ScriptedResponder } from "./scripted-network.js";
export { recordSituation, type Situation, type Stage } from "./situation.js";
