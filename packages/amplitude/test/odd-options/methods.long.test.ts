import {
  describeOddOptions,
  ignoreRejectionsOf,
  readCalls,
} from "@sortition/dialect-kit/odd-options";
import { startTestServer, type TestServer } from "@sortition/test-kit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { EXPORTS_SUITE, LOCAL_SUITE, remoteSuite, STORAGE_SUITE } from "./methods-plan.js";

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
describeOddOptions(`${NAME}: exports`, EXPORTS_SUITE);
describeOddOptions(`${NAME}: cohorts`, STORAGE_SUITE);

it.each([
  { suite: LOCAL_SUITE, owner: "LocalEvaluationClient" },
  { suite: remoteSuite(() => server), owner: "RemoteEvaluationClient" },
  { suite: EXPORTS_SUITE, owner: "InMemoryFlagConfigCache" },
  { suite: STORAGE_SUITE, owner: "InMemoryCohortStorage" },
])("methods of $owner are all tried if they accept a value", ({ suite, owner }) => {
  const { inputsOf, methodsOf } = readCalls(suite);
  const isWithoutInput = (callee: string): boolean => {
    try {
      return inputsOf(callee).length === 0;
    } catch {
      return true;
    }
  };
  const callees = methodsOf(owner).map((name) => `${owner}#${name}`);
  const tried = new Set(suite.calls.map(({ callee }) => callee));
  expect(callees.filter((callee) => !tried.has(callee) && !isWithoutInput(callee))).toEqual([]);
});
