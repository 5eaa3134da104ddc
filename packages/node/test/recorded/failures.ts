import type { ScriptedReply } from "@sortition/dialect-kit/request-recorder";

/** How a server may fail. */
export const FAILURES: readonly { readonly name: string; readonly reply: ScriptedReply }[] = [
  { name: "401", reply: 401 },
  { name: "403", reply: 403 },
  { name: "404", reply: 404 },
  { name: "408", reply: 408 },
  { name: "429", reply: 429 },
  { name: "429 with Retry-After", reply: { status: 429, headers: { "retry-after": "77" } } },
  { name: "500", reply: 500 },
  {
    name: "503 with a date to retry after",
    reply: { status: 503, headers: { "retry-after": "Thu, 01 Jan 2026 00:03:00 GMT" } },
  },
  { name: "204", reply: 204 },
  { name: "304 for nothing", reply: 304 },
  {
    name: "a redirect to elsewhere",
    reply: { status: 302, headers: { location: "https://elsewhere.test/" } },
  },
  { name: "a reset", reply: "reset" },
  { name: "half a body", reply: "cut" },
  { name: "HTML", reply: { body: "<html>no</html>" } },
  { name: "JSON without flags", reply: { body: { flags: 5 } } },
  { name: "no body", reply: { body: "" } },
];
