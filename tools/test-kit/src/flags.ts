export type {
  BanditDefinition,
  FlagDefinition,
  FlagState,
  FlagType,
  Json,
  Order,
  Outcome,
  Rule,
  Scalar,
  Split,
  Test,
} from "./flags/definition.js";
export { flagsPayload } from "./flags/flags-payload.js";
export { type SplitFlag, splitFlag } from "./flags/split-flag.js";
export { FormatError, type PayloadParts, type Writer } from "./flags/writer.js";
export { WRITERS, type WrittenVendor } from "./flags/writers.js";
