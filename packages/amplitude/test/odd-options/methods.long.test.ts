import { describeOddOptions, ignoreRejectionsOf } from "@sortition/dialect-kit/odd-options";
import { startTestServer, type TestServer } from "@sortition/test-kit";
import { afterAll, beforeAll } from "vitest";
import { LOCAL_SUITE, remoteSuite } from "./methods-plan.js";

// The vendor's SDK does not handle failures of event tracking, which is not a finding.
ignoreRejectionsOf("/@amplitude/");

let server: TestServer | undefined;
beforeAll(async () => {
  // Our client imports this library with its first event, which takes time that the fake clock does
  // not count.
  await import("@amplitude/analytics-node");
  server = await startTestServer();
});
afterAll(async () => {
  await server?.close();
});

const NAME = "@amplitude/experiment-node-server";
describeOddOptions(`${NAME}: local evaluation`, LOCAL_SUITE);
describeOddOptions(
  `${NAME}: remote evaluation`,
  remoteSuite(() => server),
);
