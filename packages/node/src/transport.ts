export { type DeadlineOptions, withDeadline } from "./http/deadline.js";
export {
  type HttpRequest,
  type HttpResponse,
  HttpTransport,
  type HttpTransportOptions,
} from "./http/http-transport.js";
export type { RouteOptions } from "./http/proxy.js";
