import * as vendorSdk from "@amplitude/experiment-node-server";
import { startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as ourSdk from "../../../src/index.js";
import { CohortServer, cohortFlag } from "../../source/cohort-server.js";
import { flagOf } from "./flags.js";
import { UploadServer } from "./upload-server.js";

/** The part of the SDK that a user's program uses. Only its import line differs. */
type Sdk = Pick<typeof vendorSdk, "AmplitudeCookie" | "LocalEvaluationClient" | "LogLevel">;

const SIDES: readonly { readonly name: string; readonly sdk: Sdk }[] = [
  { name: "vendor", sdk: vendorSdk },
  { name: "ours", sdk: ourSdk as unknown as Sdk }, // the surface test compares the types
];

/** Removes everything from an uploaded event that differs between any two uploads. */
function comparable(event: Record<string, unknown>): object {
  const { event_id: _, library: __, time: ___, ...rest } = event;
  return rest;
}

describe("a program that uses local evaluation with both packages", () => {
  let flagServer: CohortServer;
  let uploads: UploadServer;
  let other: TestServer;

  beforeEach(async () => {
    flagServer = await CohortServer.start();
    uploads = new UploadServer();
    await uploads.start();
    other = await startTestServer();
  });

  afterEach(async () => {
    uploads.close();
    await Promise.all([flagServer.close(), other.close()]);
  });

  it("has the same results, uploaded events and written cohort ids", async () => {
    flagServer.flags = [
      cohortFlag("members", "c1"),
      flagOf("a", "on", { experimentKey: "exp", flagVersion: 3 }),
      flagOf("b", "off", { default: true }),
      { ...flagOf("c"), dependencies: ["a"] },
      flagOf("7", "slot", { flagType: "mutual-exclusion-group" }),
    ];
    flagServer.cohorts.set("c1", { lastModified: 1, memberIds: ["alice"] });
    const seen = [];
    for (const { name, sdk } of SIDES) {
      uploads.events.length = 0;
      const upload = { flushQueueSize: 1, flushIntervalMillis: 10, serverUrl: uploads.url };
      const client = new sdk.LocalEvaluationClient(`key-${name}`, {
        serverUrl: flagServer.url,
        cohortSyncConfig: { apiKey: "a", secretKey: "s", cohortServerUrl: flagServer.url },
        assignmentConfig: { apiKey: "analytics", ...upload },
        exposureConfig: { apiKey: "analytics", ...upload },
        logLevel: sdk.LogLevel.Disable,
      });
      await client.start();
      const users = [
        { user_id: "alice", device_id: " d ", groups: { org: ["acme"] } },
        { user_id: "bob" },
        { user_id: "bob" },
      ];
      const results = users.map((user) =>
        client.evaluateV2(user, undefined, { tracksExposure: true }),
      );
      const legacy = await client.evaluate({ user_id: "carol" }, ["b", "c"]);
      client.stop();
      // Assignments of three users, and exposures of all flags except for the default variant of
      // two.
      await expect.poll(() => uploads.events.length).toBe(10);
      const events = uploads.events.map(comparable).map((it) => JSON.stringify(it));
      seen.push({ results, legacy, users, events: events.sort() });
    }
    expect(seen[1]).toEqual(seen[0]);
  });

  it("logs as many lines at each level when cohorts are missing", async () => {
    flagServer.flags = [cohortFlag("members", "c1")];
    const seen = [];
    for (const { name, sdk } of SIDES) {
      const lines: string[] = [];
      const log = (level: string) => (message?: string) => void lines.push(`${level} ${message}`);
      const client = new sdk.LocalEvaluationClient(`logs-${name}`, {
        serverUrl: flagServer.url,
        cohortSyncConfig: { apiKey: "a", secretKey: "s", cohortServerUrl: flagServer.url },
        loggerProvider: {
          verbose: log("verbose"),
          debug: log("debug"),
          info: log("info"),
          warn: log("warn"),
          error: log("error"),
        },
        logLevel: sdk.LogLevel.Warn,
      });
      await client.start();
      client.evaluateV2({ user_id: "alice" });
      client.stop();
      seen.push(lines);
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[0]).toEqual([
      "error [Experiment] Cohort download failed c1",
      "error [Experiment] Flag members has cohort ids c1 unavailable, evaluation may be incorrect",
    ]);
  });

  it("logs flags with cohorts that are not downloaded", async () => {
    flagServer.flags = [cohortFlag("members", "c1")];
    const seen = [];
    for (const { name, sdk } of SIDES) {
      const lines: string[] = [];
      const silent = { verbose() {}, debug() {}, info() {}, warn() {} };
      const client = new sdk.LocalEvaluationClient(`no-sync-${name}`, {
        serverUrl: flagServer.url,
        loggerProvider: { ...silent, error: (message?: string) => void lines.push(`${message}`) },
      });
      await client.start();
      client.stop();
      seen.push(lines);
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[0]).toEqual(["Cohorts found in flag configs but no cohort download configured"]);
  });

  it("tracks exposures with options of an untyped caller", async () => {
    flagServer.flags = [flagOf("a")];
    for (const { name, sdk } of SIDES) {
      const client = new sdk.LocalEvaluationClient(`untyped-${name}`, {
        serverUrl: flagServer.url,
        exposureConfig: { apiKey: name, serverUrl: uploads.url, flushIntervalMillis: 10 },
      });
      await client.start();
      for (const tracksExposure of [0, "", null, "yes", 1] as never[]) {
        client.evaluateV2({ user_id: `${tracksExposure}` }, undefined, { tracksExposure });
      }
      client.stop();
    }
    await expect.poll(() => uploads.events.length).toBe(4);
    const ids = uploads.events.map((event) => event["user_id"]);
    expect(ids.sort()).toEqual(["1", "1", "yes", "yes"]);
  });

  it("sends the same requests for flags and cohorts, except for the library's name", async () => {
    flagServer.flags = [cohortFlag("members", "c1")];
    flagServer.cohorts.set("c1", { lastModified: 1, memberIds: ["alice"] });
    const seen = [];
    for (const { name, sdk } of SIDES) {
      const from = flagServer.server.requests.length;
      const client = new sdk.LocalEvaluationClient("the-same-key", {
        serverUrl: flagServer.url,
        cohortSyncConfig: { apiKey: "a", secretKey: "s", cohortServerUrl: flagServer.url },
        logLevel: sdk.LogLevel.Disable,
      });
      await client.start();
      client.stop();
      seen.push(
        flagServer.server.requests.slice(from).map(({ headers, method, target }) => ({
          method,
          target,
          authorization: headers["authorization"],
          hasLibrary: headers["x-amp-exp-library"] !== undefined,
        })),
      );
      expect(name).toBeTruthy();
    }
    expect(seen[1]).toEqual(seen[0]);
  });

  it("rejects a start in the same cases", async () => {
    for (const status of [400, 401, 500]) {
      other.respond({ kind: "answer", status });
      for (const { name, sdk } of SIDES) {
        const from = other.requests.length;
        const client = new sdk.LocalEvaluationClient(`start-${name}`, {
          serverUrl: other.url,
          logLevel: sdk.LogLevel.Disable,
        });
        await expect(client.start()).rejects.toThrow();
        client.stop();
        expect({ name, requests: other.requests.length - from }).toEqual({ name, requests: 5 });
      }
    }
  });
});
