export type { SubjectClient, TypedSubjectClient } from "@sortition/core";
export { type OverrideOptions, sealOverrides } from "./overrides/override-token.js";
export type { Value } from "./reader/reader.js";
export type { Snapshot } from "./reader/snapshot.js";
export { type FastifyReply, type NodeResponse, nodeHandler } from "./server/node-handler.js";
export type { FastifyRequest, KoaRequest, NodeRequest } from "./server/node-request.js";
export type { WebFlagsOptions, WebSubject } from "./server/options.js";
export {
  type RouteHandler,
  type TypedWebFlags,
  type WebFlags,
  webFlags,
} from "./server/web-flags.js";
export type { SealOptions } from "./token/keys.js";
