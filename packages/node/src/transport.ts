export type { DeadlineOptions } from "./http/deadline.js";
export { withDeadline } from "./http/deadline.js";
export type { HttpRequest, HttpResponse, HttpTransportOptions } from "./http/http-transport.js";
export { HttpTransport } from "./http/http-transport.js";
