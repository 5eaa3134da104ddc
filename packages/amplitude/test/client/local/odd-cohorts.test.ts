import * as vendorSdk from "@amplitude/experiment-node-server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as ourSdk from "../../../src/index.js";
import { cohortFlag } from "../../source/cohort-server.js";

type Sdk = Pick<typeof vendorSdk, "LocalEvaluationClient">;

const OURS = ourSdk as unknown as Sdk; // the surface test compares the types
const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };
const FACTS = '"cohortId":"c1","groupType":"User","lastModified":1';

/**
 * Returns the members according to a client whose server sends this body, and the requests for the
 * cohort.
 */
async function playedBy({ LocalEvaluationClient }: Sdk, body: string): Promise<object> {
  const requests: string[] = [];
  const httpClient = {
    async request(url: string) {
      if (url.endsWith("/sdk/v2/flags"))
        return { status: 200, body: JSON.stringify([cohortFlag("members", "c1")]) };
      requests.push(url);
      return { status: 200, body };
    },
  };
  const config = { cohortSyncConfig: { apiKey: "a", secretKey: "s" }, loggerProvider: SILENT };
  const client = new LocalEvaluationClient("key", config, undefined, httpClient);
  const started = client.start();
  await vi.advanceTimersByTimeAsync(65_000);
  await started;
  const members = ["alice", "bob", "5", 5, true].filter(
    (user_id) => "members" in client.evaluateV2({ user_id } as never),
  );
  const { memberIds } = client.cohortStorage.getCohort("c1") ?? {};
  client.stop();
  return { members, memberIds, requests };
}

describe("a cohort in our client and the vendor's", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    { name: "has its last members", body: `{${FACTS},"memberIds":["alice"],"memberIds":["bob"]}` },
    {
      name: "may end with no members",
      body: `{"memberIds":["\\u0061lice"],${FACTS},"memberIds":[]}`,
    },
    { name: "has its last time", body: `{${FACTS},"lastModified":2,"memberIds":["alice"]}` },
    { name: "has ids that are no strings", body: `{${FACTS},"memberIds":[5,true,null,"bob"]}` },
  ])("has the same members and requests if it $name", async ({ body }) => {
    const [theirs, ours] = [await playedBy(vendorSdk, body), await playedBy(OURS, body)];
    expect(ours).toEqual(theirs);
  });
});
