import { Configuration, createClient } from "@sortition/core";
import type { FetchResult, PayloadSet } from "@sortition/core/internal";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { amplitude } from "../../src/dialect.js";
import { type AmplitudeOriginOptions, amplitudeOrigin } from "../../src/source.js";
import { CohortServer, cohortFlag } from "./cohort-server.js";

const never = new AbortController().signal;
const SYNC = { apiKey: "analytics-key", secretKey: "analytics-secret" };

describe("amplitudeOrigin", () => {
  let server: CohortServer;
  let origin: ReturnType<typeof amplitudeOrigin>;

  const create = (options: Partial<AmplitudeOriginOptions> = {}) => {
    origin = amplitudeOrigin({
      deploymentKey: "deployment-key",
      serverUrl: server.url,
      cohortSync: { ...SYNC, cohortServerUrl: server.url },
      ...options,
    });
    return origin;
  };
  const look = (current: PayloadSet | null = null): Promise<FetchResult> =>
    origin.fetchOnce(current, { signal: never });
  const payloadsOf = (result: FetchResult): PayloadSet =>
    result.kind === "payloads" ? result.payloads : [];
  const warningsOf = (result: FetchResult): readonly string[] =>
    result.kind === "payloads" ? (result.warnings ?? []).map(({ part }) => part ?? "") : [];

  /** Returns whether users have the flag `flag` according to these payloads. */
  const members = async (payloads: PayloadSet, ...ids: readonly string[]): Promise<boolean[]> => {
    const dialect = amplitude();
    const contents = Object.fromEntries(payloads.map(({ bytes, part }) => [part, bytes]));
    const configuration = await Configuration.load({ dialect, payloads: contents });
    const client = createClient({ dialect, initialConfiguration: configuration });
    return ids.map((id) => client.getBooleanAssignment("flag", id, {}, false));
  };

  beforeEach(async () => {
    server = await CohortServer.start();
  });

  afterEach(async () => {
    origin.release?.();
    await server.close();
  });

  it("fetches the flags and the cohorts that they refer to", async () => {
    server.flags = [cohortFlag("flag", "c1"), cohortFlag("other", "c2", "c1")];
    server.cohorts.set("c1", { lastModified: 10, memberIds: ["alice"] });
    server.cohorts.set("c2", { lastModified: 20, memberIds: [] });
    server.cohorts.set("unused", { lastModified: 30, memberIds: [] });
    create();
    const result = await look();
    expect(payloadsOf(result)).toMatchObject([
      { part: "flags" },
      { part: "cohort:c1", etag: "10", isOptional: true, from: "network" },
      { part: "cohort:c2", etag: "20", isOptional: true },
    ]);
    expect(warningsOf(result)).toEqual([]);
    expect([...server.downloads].sort()).toEqual(["c1", "c2"]);
    expect(await members(payloadsOf(result), "alice", "bob")).toEqual([true, false]);
  });

  it("sends the vendor's headers and query", async () => {
    server.flags = [cohortFlag("flag", "c 1/ü")];
    create({
      cohortSync: {
        apiKey: "apple",
        secretKey: "banana",
        cohortServerUrl: server.url,
        maxCohortSize: 10,
      },
    });
    await look();
    const [flags, cohort] = server.server.requests;
    expect(flags?.headers["authorization"]).toBe("Api-Key deployment-key");
    expect(flags?.target).toBe("/sdk/v2/flags");
    expect(cohort?.headers["authorization"]).toBe("Basic YXBwbGU6YmFuYW5h");
    expect(cohort?.headers["x-amp-exp-library"]).toMatch(/^sortition-amplitude\/\d/);
    expect(cohort?.target).toBe("/sdk/v1/cohort/c%201%2F%C3%BC?maxCohortSize=10");
  });

  it("sends the user's headers with the requests for flags and cohorts", async () => {
    server.flags = [cohortFlag("flag", "c1")];
    server.cohorts.set("c1", { lastModified: 10, memberIds: [] });
    create({ headers: { "X-Team": "shop" } });
    await look();
    expect(server.server.requests).toMatchObject([
      { headers: { authorization: "Api-Key deployment-key", "x-team": "shop" } },
      { headers: { authorization: expect.stringMatching(/^Basic /), "x-team": "shop" } },
    ]);
  });

  it("requests each known cohort once in a new process", async () => {
    server.flags = [cohortFlag("flag", "c1")];
    server.cohorts.set("c1", { lastModified: 10, memberIds: ["alice"] });
    create();
    const held = payloadsOf(await look());
    origin.release?.();
    create();
    await look(held);
    await look(held);
    expect(server.downloads).toEqual(["c1", "c1 10"]);
  });

  it("requests a new cohort immediately, and drops cohorts that no flag refers to", async () => {
    server.flags = [cohortFlag("flag", "c1")];
    server.cohorts.set("c1", { lastModified: 10, memberIds: ["alice"] });
    server.cohorts.set("c2", { lastModified: 20, memberIds: ["bob"] });
    create();
    const first = payloadsOf(await look());
    server.flags = [cohortFlag("flag", "c2")];
    const second = payloadsOf(await look(first));
    expect(second.map(({ part }) => part)).toEqual(["flags", "cohort:c2"]);
    expect(await members(second, "alice", "bob")).toEqual([false, true]);
  });

  it.each([
    { status: 202, requests: 3 },
    { status: 404, requests: 1 },
    { status: 413, requests: 1 },
    { status: 429, requests: 3 },
    { status: 500, requests: 3 },
  ])("keeps the previous members with a warning: status $status", async ({ requests, status }) => {
    server.flags = [cohortFlag("flag", "c1")];
    server.cohorts.set("c1", { lastModified: 10, memberIds: ["alice"] });
    create();
    const held = payloadsOf(await look());
    origin.release?.();
    create();
    server.replies.set("c1", () => ({ kind: "answer", status }));
    const before = server.downloads.length;
    const result = await look(held);
    expect(warningsOf(result)).toEqual(["cohort:c1"]);
    expect(payloadsOf(result)[1]).toBe(held[1]);
    expect(server.downloads.length - before).toBe(requests);
    // The next attempt retries it, without waiting for an interval.
    server.replies.clear();
    expect(warningsOf(await look(payloadsOf(result)))).toEqual([]);
  });

  it("requests a new cohort only once if the server calls it unchanged", async () => {
    server.flags = [cohortFlag("flag", "c1")];
    server.replies.set("c1", () => ({ kind: "answer", status: 204 }));
    create();
    expect(warningsOf(await look())).toEqual(["cohort:c1"]);
    expect(server.downloads).toEqual(["c1"]);
  });

  it("retries after a failure that may be temporary", async () => {
    server.flags = [cohortFlag("flag", "c1")];
    server.cohorts.set("c1", { lastModified: 10, memberIds: ["alice"] });
    server.replies.set("c1", (attempt) =>
      attempt === 0 ? { kind: "reset" } : attempt === 1 ? { kind: "answer", status: 503 } : null,
    );
    create();
    const result = await look();
    expect(warningsOf(result)).toEqual([]);
    expect(await members(payloadsOf(result), "alice")).toEqual([true]);
  });

  it.each([
    "",
    "nonsense",
    "[]",
    '{"memberIds":["alice"]}',
    '{"groupType":"User","memberIds":["al',
  ])("refuses a response that is not a cohort: %j", async (body) => {
    server.flags = [cohortFlag("flag", "c1")];
    server.replies.set("c1", () => ({ kind: "answer", body }));
    create();
    const result = await look();
    expect(warningsOf(result)).toEqual(["cohort:c1"]);
    expect(payloadsOf(result).map(({ part }) => part)).toEqual(["flags"]);
  });

  it("does not wait for a cohort beyond its deadline", async () => {
    server.flags = [cohortFlag("flag", "c1", "c2")];
    server.cohorts.set("c2", { lastModified: 20, memberIds: ["bob"] });
    server.replies.set("c1", () => ({ kind: "hang" }));
    create({ requestTimeoutMs: 1_000 });
    const result = await look();
    expect(warningsOf(result)).toEqual(["cohort:c1"]);
    expect(payloadsOf(result).map(({ part }) => part)).toEqual(["flags", "cohort:c2"]);
  });

  it("returns only the flags without cohort sync", async () => {
    server.flags = [cohortFlag("flag", "c1")];
    create({ cohortSync: undefined });
    const result = await look();
    expect(payloadsOf(result).map(({ part }) => part)).toEqual(["flags"]);
    expect(server.downloads).toEqual([]);
  });

  it("does not reject when it is aborted, and never shows a key", async () => {
    server.flags = [cohortFlag("flag", "c1")];
    server.replies.set("c1", () => ({ kind: "hang" }));
    create();
    const controller = new AbortController();
    const looking = origin.fetchOnce(null, { signal: controller.signal });
    await server.server.request(2);
    controller.abort();
    const result = await looking;
    expect(result.kind).toBe("payloads");
    expect(JSON.stringify(result)).not.toContain("analytics");
    expect(await origin.fetchOnce(null, { signal: controller.signal })).toMatchObject({
      kind: "failed",
    });
  });

  it("has a separate scope for each server and with cohort sync", () => {
    const { scope } = create();
    expect(scope).toMatch(/^[0-9a-f]{64}$/);
    expect(create().scope).toBe(scope);
    expect(create({ cohortSync: undefined }).scope).not.toBe(scope);
    expect(create({ deploymentKey: "other" }).scope).not.toBe(scope);
    const otherKeys = { apiKey: "other", secretKey: "other", cohortServerUrl: server.url };
    expect(create({ cohortSync: otherKeys }).scope).toBe(scope);
  });

  it.each([
    { options: { deploymentKey: " " }, option: "deploymentKey" },
    { options: { serverUrl: "ftp://x" }, option: "serverUrl" },
    { options: { serverUrl: "" }, option: "serverUrl" },
    { options: { streamServerUrl: " " }, option: "streamServerUrl" },
    { options: { deploymentKey: "client-abc" }, option: "deploymentKey" },
    { options: { serverZone: 5 }, option: "serverZone" },
    { options: { requestTimeoutMs: 0 }, option: "requestTimeoutMs" },
    { options: { cohortSync: { apiKey: "k" } }, option: "cohortSync.secretKey" },
    { options: { cohortSync: { ...SYNC, maxCohortSize: -1 } }, option: "cohortSync.maxCohortSize" },
    { options: { cohortSync: { ...SYNC, maxSize: 1 } }, option: "cohortSync.maxSize" },
    { options: { apiKey: "k" }, option: "apiKey" },
  ])("refuses $options", ({ option, options }) => {
    const bad = options as unknown as Partial<AmplitudeOriginOptions>; // as an untyped caller may pass it
    expect(() => create(bad)).toThrow(expect.objectContaining({ option }));
    create();
  });

  it("refuses another zone in its dialect, too", () => {
    expect(() => amplitude({ serverZone: "europe" })).toThrow('serverZone: expected "us" or "eu"');
    expect(amplitude({ serverZone: "EU" }).name).toBe("amplitude");
  });
});
