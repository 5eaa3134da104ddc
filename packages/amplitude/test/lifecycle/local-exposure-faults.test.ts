import type { AssignmentEvent } from "@sortition/core";
import { startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type ExperimentUser,
  LocalEvaluationClient,
  type LocalEvaluationConfig,
} from "../../src/index.js";
import { flagOf } from "../client/local/flags.js";
import { UploadServer } from "../client/local/upload-server.js";
import { API_KEY, keepingLogger } from "./faults.js";

describe("exposures of a local client", () => {
  let server: TestServer;
  let uploads: UploadServer;
  let client: LocalEvaluationClient | null = null;

  const started = async (config: LocalEvaluationConfig): Promise<LocalEvaluationClient> => {
    const { loggerProvider } = keepingLogger();
    client = new LocalEvaluationClient(API_KEY, {
      ...{ serverUrl: server.url, loggerProvider },
      ...config,
    });
    await client.start();
    return client;
  };
  const exposureConfig = () => ({ apiKey: "analytics", serverUrl: uploads.url });
  const expose = (to: LocalEvaluationClient, user: ExperimentUser): void => {
    expect(to.evaluateV2(user, undefined, { tracksExposure: true })).toHaveProperty("flag");
  };

  beforeEach(async () => {
    server = await startTestServer({ kind: "answer", body: JSON.stringify([flagOf("flag")]) });
    uploads = new UploadServer();
    await uploads.start();
  });

  afterEach(async () => {
    client?.stop();
    uploads.close();
    await server.close();
  });

  it.each([
    {
      name: "throws",
      timeoutMs: 20_000,
      logAssignment: () => {
        throw new Error("no");
      },
    },
    {
      name: "rejects",
      timeoutMs: 20_000,
      logAssignment: () => Promise.reject(new Error("no")),
    },
    // The test waits until its deadline.
    {
      name: "never settles",
      timeoutMs: 4_000,
      logAssignment: () => new Promise<void>(() => {}),
    },
  ])("lifecycle §7 fault 26: are uploaded once each, next to a logger that $name", async (row) => {
    const exposureLogger = { logAssignment: row.logAssignment };
    const it = await started({ exposureLogger, exposureConfig: exposureConfig() });
    for (let i = 0; i < 50; i++) expose(it, { user_id: `user-${i}` });
    await it.stop({ timeoutMs: row.timeoutMs });
    const users = uploads.events.map(({ user_id }) => user_id);
    expect(users.sort()).toEqual(Array.from({ length: 50 }, (_, i) => `user-${i}`).sort());
  });

  it("lifecycle §7 fault 26: reach a logger once each, next to an upload that fails", async () => {
    const subjects: string[] = [];
    const exposureLogger = {
      logAssignment: ({ subject }: AssignmentEvent) => void subjects.push(subject),
    };
    const options = { ...exposureConfig(), flushMaxRetries: 1, logLevel: 0 };
    uploads.close();
    const it = await started({ exposureLogger, exposureConfig: options });
    for (let i = 0; i < 50; i++) expose(it, { user_id: `user-${i}` });
    await it.stop({ timeoutMs: 300 });
    expect(subjects).toEqual(Array.from({ length: 50 }, (_, i) => `user-${i}`));
  });

  it("lifecycle §7 fault 28: keep their values when the caller changes the user later", async () => {
    const events: AssignmentEvent[] = [];
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const logAssignment = async (event: AssignmentEvent): Promise<void> => {
      await released;
      events.push(structuredClone(event));
    };
    const config = { exposureLogger: { logAssignment }, exposureConfig: exposureConfig() };
    const it = await started(config);
    const users = Array.from({ length: 40 }, (_, i) => ({
      ...{ user_id: `user-${i}`, country: "DK", user_properties: { plan: "pro" } },
      groups: { org: ["acme"] },
    }));
    for (const user of users) {
      expose(it, user);
      user.country = "changed";
      user.user_properties.plan = "changed";
      user.groups.org[0] = "changed";
    }
    release();
    await it.stop({ timeoutMs: 20_000 });
    expect(events).toHaveLength(40);
    expect(events.map(({ subjectAttributes }) => subjectAttributes)).toEqual(
      users.map(() => expect.objectContaining({ country: "DK", plan: "pro" })),
    );
    expect(uploads.events).toHaveLength(40);
    expect(uploads.events.map(({ groups }) => groups)).toEqual(
      users.map(() => ({ org: ["acme"] })),
    );
  });

  it("lifecycle §7 fault 28: are one event for 1,000 evaluations of one user during a pending delivery", async () => {
    let calls = 0;
    let reject = (_: Error): void => {};
    const logAssignment = (): Promise<void> => {
      calls++;
      return new Promise((_, fail) => (reject = fail));
    };
    const it = await started({ exposureLogger: { logAssignment } });
    for (let i = 0; i < 1_000; i++) expose(it, { user_id: "alice" });
    expect(calls).toBe(1);
    reject(new Error("no"));
    await it.stop({ timeoutMs: 500 });
    // The vendor's filter remembers a tracked exposure, whether or not it is delivered.
    expose(it, { user_id: "alice" });
    expect(calls).toBe(1);
  });
});
