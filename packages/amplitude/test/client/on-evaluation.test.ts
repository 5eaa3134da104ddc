import { type Reply, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type FlagConfig,
  LocalEvaluationClient,
  type LocalEvaluationConfig,
  type ObservedEvaluation,
  RemoteEvaluationClient,
} from "../../src/index.js";
import { flagOf } from "./local/flags.js";

const logger = { error() {}, warn() {}, info() {}, debug() {} };

const FLAGS: Record<string, FlagConfig> = {
  experiment: flagOf("experiment", "treatment", { experimentKey: "colours" }),
  child: { ...flagOf("child", "on", { trackExposure: false }), dependencies: ["experiment"] },
  off: flagOf("off", "off", { default: true }),
  nobody: { ...flagOf("nobody"), segments: [] },
  malformed: { ...flagOf("malformed"), segments: 5 },
  // The fault is only found for users that match the segment's conditions.
  "half-malformed": {
    ...flagOf("half-malformed"),
    segments: [
      { bucket: { selector: ["context", "user", "user_id"], salt: "s", allocations: [-1] } },
    ],
  } as never,
};

function localClient(config: LocalEvaluationConfig = {}) {
  const seen: ObservedEvaluation[] = [];
  const client = new LocalEvaluationClient("key", {
    bootstrap: FLAGS,
    logger,
    onEvaluation: (evaluation) => void seen.push(evaluation),
    ...config,
  });
  return { client, seen };
}

describe("onEvaluation of LocalEvaluationClient", () => {
  it("receives the whole result of a flag", () => {
    const { client, seen } = localClient();
    client.evaluateV2({ user_id: "alice" }, ["experiment"]);
    expect(seen).toEqual([
      {
        flagKey: "experiment",
        subjectKey: "alice",
        value: "treatment",
        variation: "treatment",
        allocation: "All Users",
        action: null,
        isDefault: false,
        reason: "static",
        errorCode: null,
        configurationRevision: expect.any(String),
        environment: null,
        dialect: "amplitude",
        isExposure: true,
        isBulk: false,
        isPrerequisite: false,
      },
    ]);
  });

  it("reports each flag of a call for all flags, with a reason for those without a variant", () => {
    const { client, seen } = localClient();
    client.evaluateV2({ user_id: "alice" });
    expect(seen.every(({ isBulk }) => isBulk)).toBe(true);
    expect(
      seen.map(({ errorCode, flagKey, isExposure, reason, variation }) => [
        flagKey,
        reason,
        variation,
        isExposure,
        errorCode,
      ]),
    ).toEqual([
      ["experiment", "static", "treatment", true, null],
      ["child", "static", "on", false, null],
      ["off", "static", "off", false, null],
      ["nobody", "no-allocation", null, false, null],
      ["malformed", "error", null, false, "SORTITION_DECODE"],
      ["half-malformed", "error", null, false, "SORTITION_DECODE"],
    ]);
  });

  it("reports prerequisites with separate exposures, and unknown keys", () => {
    const { client, seen } = localClient();
    client.evaluateV2({ user_id: "alice" }, ["child", "absent"]);
    expect(
      seen.map(({ flagKey, isPrerequisite, reason }) => [flagKey, reason, isPrerequisite]),
    ).toEqual([
      ["experiment", "static", true],
      ["child", "static", false],
      ["absent", "flag-not-found", false],
    ]);
  });

  it("reports flags stored under other names by their keys, and unknown names", () => {
    const { client, seen } = localClient({ bootstrap: { renamed: flagOf("experiment") } });
    client.evaluateV2({ user_id: "alice" }, ["renamed", "absent"]);
    expect(seen.map(({ flagKey, isBulk, reason }) => [flagKey, reason, isBulk])).toEqual([
      ["experiment", "static", true],
      ["absent", "flag-not-found", true],
    ]);
  });

  it("is called before an evaluation throws because of a cycle", () => {
    const cyclic = { ...flagOf("cyclic"), dependencies: ["cyclic"] };
    const { client, seen } = localClient({ bootstrap: { cyclic } });
    expect(() => client.evaluateV2({ user_id: "alice" }, ["cyclic"])).toThrow(/cycle/);
    expect(seen).toMatchObject([
      { flagKey: "cyclic", errorCode: "SORTITION_EVALUATION", value: undefined },
    ]);
  });

  it("reports that there are no flags yet", () => {
    const { client, seen } = localClient({ bootstrap: {} });
    client.evaluateV2({ user_id: "alice" }, ["experiment"]);
    expect(seen).toMatchObject([{ reason: "not-initialized" }]);
  });

  it("refuses a value that is not a function", () => {
    expect(() => localClient({ onEvaluation: 5 as never })).toThrow(/^onEvaluation: expected/);
  });
});

describe("onEvaluation of RemoteEvaluationClient", () => {
  const answer: Reply = {
    kind: "answer",
    body: JSON.stringify({
      a: { key: "on", value: "on", metadata: { segmentName: "Beta" } },
      b: { key: "off", metadata: { default: true } },
    }),
  };
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(answer);
  });
  afterAll(() => server.close());

  function remoteClient(serverUrl: string) {
    const seen: ObservedEvaluation[] = [];
    const client = new RemoteEvaluationClient("key", {
      serverUrl,
      fetchRetries: 0,
      logger,
      onEvaluation: (evaluation) => void seen.push(evaluation),
    });
    return { client, seen };
  }

  it("reports each variant of the response, and requested flags without one", async () => {
    const { client, seen } = remoteClient(server.url);
    await client.fetchV2({ user_id: "alice" }, { flagKeys: ["a", "b", "c"] });
    expect(
      seen.map(({ allocation, flagKey, isBulk, isExposure, reason, variation }) => [
        flagKey,
        reason,
        variation,
        allocation,
        isExposure,
        isBulk,
      ]),
    ).toEqual([
      ["a", "assigned", "on", "Beta", true, true],
      ["b", "assigned", "off", null, false, true],
      ["c", "flag-not-found", null, null, false, true],
    ]);
  });

  it("reports requested flags as unresolved when the request fails", async () => {
    const { client, seen } = remoteClient("http://127.0.0.1:1");
    await expect(client.fetchV2({ user_id: "alice" }, { flagKeys: ["a"] })).rejects.toThrow();
    expect(seen).toMatchObject([{ flagKey: "a", reason: "unresolved", subjectKey: "alice" }]);
  });
});
