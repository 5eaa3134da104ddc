import * as vendorSdk from "@amplitude/experiment-node-server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as ourSdk from "../../../src/index.js";
import { cohortFlag } from "../../source/cohort-server.js";

type Sdk = Pick<typeof vendorSdk, "LocalEvaluationClient">;

const SIDES: readonly Sdk[] = [vendorSdk, ourSdk as unknown as Sdk];
const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };
const MEMBERS = {
  groupType: "User",
  groupTypeId: 0,
  lastComputed: 1,
  size: 1,
  memberIds: ["alice"],
};

/** Responses of a server to requests for a cohort at a time in seconds. */
type CohortServer = (atS: number) => { readonly status: number; readonly body: string };

/**
 * Returns the times in seconds at which a client requests a cohort, with flags every 40 s and
 * cohorts every 60 s.
 */
async function requestTimes(
  { LocalEvaluationClient }: Sdk,
  answer: CohortServer,
  flagsAt: (atS: number) => readonly object[] = () => [cohortFlag("members", "c1")],
): Promise<readonly number[]> {
  vi.setSystemTime(0);
  const times: number[] = [];
  const atS = (): number => Math.round(Date.now() / 1_000);
  const httpClient = {
    async request(url: string) {
      if (url.endsWith("/sdk/v2/flags"))
        return { status: 200, body: JSON.stringify(flagsAt(atS())) };
      times.push(atS());
      return answer(atS());
    },
  };
  const config = {
    flagConfigPollingIntervalMillis: 40_000,
    cohortSyncConfig: { apiKey: "a", secretKey: "s" },
    loggerProvider: SILENT,
  };
  const client = new LocalEvaluationClient("key", config, undefined, httpClient);
  const started = client.start();
  await vi.advanceTimersByTimeAsync(130_000);
  await started;
  client.stop();
  return times;
}

const cohort = {
  status: 200,
  body: JSON.stringify({ cohortId: "c1", lastModified: 1, ...MEMBERS }),
};

describe("cohorts, with flags every 40 s and cohorts every 60 s", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each<{ name: string; answer: CohortServer; flagsAt?: (atS: number) => readonly object[] }>([
    { name: "is there", answer: () => cohort },
    { name: "is refused", answer: () => ({ status: 404, body: "" }) },
    { name: "fails", answer: () => ({ status: 500, body: "" }) },
    { name: "is garbled", answer: () => ({ status: 200, body: "<html>" }) },
    {
      name: "is refused once it is there",
      answer: (atS) => (atS < 50 ? cohort : { status: 404, body: "" }),
    },
    {
      name: "fails once it is there",
      answer: (atS) => (atS < 50 ? cohort : { status: 500, body: "" }),
    },
    {
      name: "is refused at first",
      answer: (atS) => (atS < 30 ? { status: 404, body: "" } : cohort),
    },
    {
      name: "is new after 40 s",
      answer: () => cohort,
      flagsAt: (atS) => (atS < 30 ? [] : [cohortFlag("members", "c1")]),
    },
    { name: "is cut off", answer: () => ({ status: 200, body: cohort.body.slice(0, -1) }) },
    { name: "is null", answer: () => ({ status: 200, body: "null" }) },
  ])(
    "are requested as often as by the vendor's client when one $name",
    async ({ answer, flagsAt }) => {
      const times = [];
      for (const sdk of SIDES) times.push(await requestTimes(sdk, answer, flagsAt));
      expect(times[1]).toEqual(times[0]);
    },
  );

  it("are requested once when one is JSON but not a cohort", async () => {
    const answer = () => ({ status: 200, body: '{"memberIds":5}' });
    expect((await requestTimes(SIDES[1] as Sdk, answer)).filter((it) => it === 0)).toHaveLength(1);
  });

  it("are requested only by the first start, as in the vendor's client, however long the client was stopped", async () => {
    const requests: number[] = [];
    for (const { LocalEvaluationClient } of SIDES) {
      vi.setSystemTime(0);
      let count = 0;
      const httpClient = {
        async request(url: string) {
          if (url.endsWith("/flags")) {
            return { status: 200, body: JSON.stringify([cohortFlag("members", "c1")]) };
          }
          count += 1;
          return cohort;
        },
      };
      const cohortSyncConfig = { apiKey: "a", secretKey: "s" };
      const client = new LocalEvaluationClient("key", { cohortSyncConfig }, undefined, httpClient);
      for (const stoppedMs of [1_000, 61_000, 0]) {
        await client.start();
        client.stop();
        await vi.advanceTimersByTimeAsync(stoppedMs);
      }
      requests.push(count);
    }
    expect(requests).toEqual([1, 1]);
  });
});
