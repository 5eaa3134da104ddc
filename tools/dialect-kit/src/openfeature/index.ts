export { CONTEXT, DEFAULTS, GETTERS, type Getter, rowsOf } from "./answers.js";
export { contextOfKinds, KIND_FLAGS } from "./context-kinds.js";
export { type GeneratedCall, generateCall, generatePayload } from "./generate.js";
export { PAYLOADS } from "./payloads.js";
