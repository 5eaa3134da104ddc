export { type DeadlineOptions, withDeadline } from "./http/deadline.js";
export type { StreamEvent } from "./http/event-parser.js";
export {
  type EventStream,
  type EventStreamFailure,
  type EventStreamOptions,
  type EventStreamState,
  openEventStream,
} from "./http/event-stream.js";
export {
  type HttpRequest,
  type HttpResponse,
  HttpTransport,
  type HttpTransportOptions,
} from "./http/http-transport.js";
export type { RouteOptions } from "./http/proxy.js";
