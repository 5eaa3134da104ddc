export type { RecordedRequest } from "@sortition/test-kit/http-server";
export {
  type Fault,
  type FaultOptions,
  type FlagServer,
  type FlagServerOptions,
  flagServer,
} from "./server/flag-server.js";
