export {
  type CallResult,
  type ExplanationTextOptions,
  explanationText,
} from "./explain/text/explanation-text.js";
export type { Paint, PaintColor } from "./explain/text/paint.js";
export { conditionText } from "./explain/text/parts.js";
export { printable } from "./explain/text/printable.js";
export { timeText, valueText } from "./explain/text/values.js";
export { wrap } from "./explain/text/wrap.js";
