import * as vendorSdk from "@amplitude/experiment-node-server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as ourSdk from "../../../src/index.js";
import { CohortServer, cohortFlag } from "../../source/cohort-server.js";
import { flagOf } from "./flags.js";
import { UploadServer } from "./upload-server.js";

/** The part of the SDK that a user's program uses. Only its import line differs. */
type Sdk = Pick<typeof vendorSdk, "LocalEvaluationClient" | "LogLevel">;

const SIDES: readonly { readonly name: string; readonly sdk: Sdk }[] = [
  { name: "vendor", sdk: vendorSdk },
  { name: "ours", sdk: ourSdk as unknown as Sdk }, // the surface test compares the types
];

describe("a program that uses local evaluation with both packages", () => {
  let flagServer: CohortServer;
  let uploads: UploadServer;

  beforeEach(async () => {
    flagServer = await CohortServer.start();
    uploads = new UploadServer();
    await uploads.start();
  });

  afterEach(async () => {
    uploads.close();
    await flagServer.close();
  });

  it.each([
    {
      what: "missing",
      sync: true,
      users: [{ user_id: "alice" }],
      expected: [
        "error [Experiment] Cohort download failed c1",
        "error [Experiment] Flag members has cohort ids c1 unavailable, evaluation may be incorrect",
      ],
    },
    {
      what: "not downloaded",
      sync: false,
      users: [],
      expected: ["error Cohorts found in flag configs but no cohort download configured"],
    },
  ])(
    "logs as many lines at each level when cohorts are $what",
    async ({ expected, sync, users }) => {
      flagServer.flags = [cohortFlag("members", "c1")];
      const cohortSyncConfig = { apiKey: "a", secretKey: "s", cohortServerUrl: flagServer.url };
      for (const { name, sdk } of SIDES) {
        const lines: string[] = [];
        const at = (level: string) => (message?: string) => void lines.push(`${level} ${message}`);
        const client = new sdk.LocalEvaluationClient(`logs-${name}`, {
          serverUrl: flagServer.url,
          ...(sync ? { cohortSyncConfig } : {}),
          loggerProvider: {
            ...{ verbose: at("verbose"), debug: at("debug"), info: at("info") },
            ...{ warn: at("warn"), error: at("error") },
          },
          logLevel: sdk.LogLevel.Warn,
        });
        await client.start();
        for (const user of users) client.evaluateV2(user);
        client.stop();
        expect([name, lines]).toEqual([name, expected]);
      }
    },
  );

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
});
