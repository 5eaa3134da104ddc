import { RemoteEvaluationClient as VendorClient } from "@amplitude/experiment-node-server";
import { startTestServer } from "@sortition/test-kit";
import { expect, it } from "vitest";
import { RemoteEvaluationClient } from "../../src/index.js";

const CALLS = 200;

it.each([
  { sdk: "the vendor's", Client: VendorClient },
  { sdk: "our", Client: RemoteEvaluationClient },
])(
  `${CALLS} concurrent remote evaluations with $sdk SDK are as many requests at a time`,
  async ({ Client }) => {
    await using server = await startTestServer(async () => {
      await server.request(CALLS);
      return { kind: "answer", body: '{"flag":{"key":"on"}}' };
    });
    // Its default limit would end requests that wait for the others on a busy machine.
    const client = new Client("key", { serverUrl: server.url, fetchTimeoutMillis: 200_000 });
    const calls = Array.from({ length: CALLS }, () => client.fetchV2({ user_id: "alice" }));
    for (const variants of await Promise.all(calls))
      expect(Object.keys(variants)).toEqual(["flag"]);
    expect(server.peakConcurrency).toBe(CALLS);
  },
);
