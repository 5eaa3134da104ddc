import { type Responder, startTestServer, type TestServer } from "@sortition/test-kit/http-server";

export type { RecordedRequest, Reply, TestServer } from "@sortition/test-kit/http-server";

/** Starts a server on a free port of loopback that replies as it is told. */
export function startServer(
  responder: Responder,
  options: { readonly holdsProcess: boolean },
): Promise<TestServer> {
  return startTestServer(responder, options);
}
