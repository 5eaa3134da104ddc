export {
  type Fault,
  type FaultOptions,
  type FlagServer,
  type FlagServerOptions,
  flagServer,
} from "./server/flag-server.js";
