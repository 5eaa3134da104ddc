export { CONTEXT, DEFAULTS, GETTERS, type Getter, rowsOf } from "./answers.js";
export {
  type GeneratedCall,
  type GeneratedContext,
  generateCall,
  generatePayload,
} from "./generate.js";
export { LAUNCHDARKLY_FLAGS, launchdarklyContext } from "./launchdarkly.js";
export { PAYLOADS } from "./payloads.js";
