import * as vendorSdk from "@amplitude/experiment-node-server";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import * as ourSdk from "../../../src/index.js";
import { cohortFlag } from "../../source/cohort-server.js";

type Sdk = Pick<typeof vendorSdk, "LocalEvaluationClient">;

const SIDES: readonly Sdk[] = [vendorSdk, ourSdk as unknown as Sdk];
const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };

/** A client that polls once an hour, whose server has the flag `received` with the cohort `c1`. */
function setUp({ LocalEvaluationClient }: Sdk) {
  vi.setSystemTime(0);
  const requests: string[] = [];
  const members: Record<string, readonly string[]> = { c1: ["alice"], c2: ["alice"] };
  const httpClient = {
    async request(url: string) {
      if (url.endsWith("/sdk/v2/flags")) {
        return { status: 200, body: JSON.stringify([cohortFlag("received", "c1")]) };
      }
      const [, id = "", lastModified = "-"] =
        /cohort\/(\w+)\?.*?(?:lastModified=(\d+))?$/.exec(url) ?? [];
      requests.push(`${Date.now() / 1_000} s: ${id} ${lastModified}`);
      const memberIds = members[id] ?? [];
      const size = memberIds.length;
      if (Number(lastModified) === size) return { status: 204, body: "" };
      const about = { groupType: "User", groupTypeId: 0, lastComputed: 1, lastModified: size };
      return { status: 200, body: JSON.stringify({ cohortId: id, size, memberIds, ...about }) };
    },
  };
  const config = {
    flagConfigPollingIntervalMillis: 3_600_000,
    cohortSyncConfig: { apiKey: "a", secretKey: "s" },
    loggerProvider: SILENT,
  };
  const client = new LocalEvaluationClient("key", config, undefined, httpClient);
  return { client, members, requests };
}

/** Returns the requests and results of both clients. */
async function onBothSides(
  play: (side: ReturnType<typeof setUp>) => Promise<unknown>,
): Promise<readonly unknown[]> {
  const results = [];
  for (const sdk of SIDES) {
    const side = setUp(sdk);
    await side.client.start();
    const seen = await play(side);
    side.client.stop();
    results.push({ seen, requests: side.requests });
  }
  return results;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const keysOf = (client: vendorSdk.LocalEvaluationClient, user: string): unknown =>
  Object.entries(client.evaluateV2({ user_id: user })).map(([key, { value }]) => [key, value]);

it("cohorts of a written flag are requested at the next interval", async () => {
  const [vendor, ours] = await onBothSides(async ({ client }) => {
    const seen = [];
    await vi.advanceTimersByTimeAsync(10_000);
    await client.cache.put("written", cohortFlag("written", "c2") as never);
    for (let i = 0; i < 3; i += 1) {
      seen.push(keysOf(client, "alice"), [...client.cohortStorage.getAllCohortIds()].sort());
      await vi.advanceTimersByTimeAsync(60_000);
    }
    return seen;
  });
  expect(JSON.stringify(vendor)).toContain("c2");
  expect(ours).toEqual(vendor);
});

it("a changed cohort does not replace written flags", async () => {
  const [vendor, ours] = await onBothSides(async ({ client, members }) => {
    const seen = [];
    await client.cache.put("written", { ...cohortFlag("written", "c2") } as never);
    await client.cache.delete("received");
    await client.cache.put("received", cohortFlag("received", "c2") as never);
    await vi.advanceTimersByTimeAsync(61_000);
    seen.push(keysOf(client, "alice"), keysOf(client, "bob"));
    members["c2"] = ["alice", "bob"];
    await vi.advanceTimersByTimeAsync(60_000);
    seen.push(keysOf(client, "alice"), keysOf(client, "bob"));
    seen.push(Object.keys(await client.cache.getAll()));
    return seen;
  });
  expect(ours).toEqual(vendor);
});

it("a changed cohort of received flags does not replace written flags", async () => {
  const [vendor, ours] = await onBothSides(async ({ client, members }) => {
    await client.cache.put("written", { key: "written", variants: {}, segments: [] } as never);
    members["c1"] = ["alice", "bob"];
    await vi.advanceTimersByTimeAsync(61_000);
    return [Object.keys(await client.cache.getAll()), keysOf(client, "bob")];
  });
  expect(ours).toEqual(vendor);
});

it("no cohort is requested after the flags were cleared", async () => {
  const [vendor, ours] = await onBothSides(async ({ client }) => {
    await client.cache.clear();
    await vi.advanceTimersByTimeAsync(130_000);
    return [...client.cohortStorage.getAllCohortIds()];
  });
  expect(ours).toEqual(vendor);
});
