export { type MetadataScope, metadataOf } from "./resolution/metadata.js";
export type {
  Resolution,
  ResolutionErrorCode,
  ResolutionMetadata,
  ResolutionReason,
} from "./resolution/resolution.js";
export {
  type Answered,
  failedResolution,
  type ResolutionOptions,
  resolutionOf,
} from "./resolution/resolve.js";
export { type ContextSubject, requestFor, subjectOf } from "./resolution/subject.js";
