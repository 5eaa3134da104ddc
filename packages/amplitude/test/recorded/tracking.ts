import type { ScriptedReply, Situation, Stage } from "@sortition/dialect-kit/request-recorder";
import type { LocalEvaluationClient, LocalEvaluationConfig } from "../../src/index.js";
import { FLAGS, flags, localClient } from "./client.js";

const UPLOADS = "analytics.test/2/httpapi";
const ANALYTICS = {
  apiKey: "analytics",
  serverUrl: `http://${UPLOADS}`,
  flushIntervalMillis: 1_000,
  flushQueueSize: 3,
};

/** Starts a client whose uploads get the given replies. */
async function started(
  stage: Stage,
  uploads: readonly ScriptedReply[],
  config: LocalEvaluationConfig,
): Promise<LocalEvaluationClient> {
  stage.server.on(FLAGS, flags("a", "b"));
  stage.server.on(UPLOADS, ...uploads);
  const client = localClient(stage, config);
  stage.settles("start", client.start());
  await stage.advance(0);
  return client;
}

const TAKEN: ScriptedReply = { body: { code: 200 } };
const exposed = { tracksExposure: true };

/** Tracking of evaluations. */
export const TRACKING: readonly Situation[] = [
  {
    name: "assignments: one event for equal evaluations, stop with a time",
    async play(stage) {
      const client = await started(stage, [TAKEN], {
        assignmentConfig: { ...ANALYTICS, sendEvaluatedProps: true },
      });
      client.evaluateV2({ user_id: "alice", user_properties: { plan: "pro" } });
      client.evaluateV2({ user_id: "alice", user_properties: { plan: "pro" } });
      client.evaluateV2({ user_id: "bob" });
      await stage.advance(2_000);
      client.evaluateV2({ user_id: "carol" });
      const stopped = client.stop({ timeoutMs: 5_000 });
      stage.settles("stop", stopped);
      await stage.advance(6_000);
    },
  },
  {
    name: "assignments: the same evaluation a day later",
    async play(stage) {
      const client = await started(stage, [TAKEN], { assignmentConfig: ANALYTICS });
      client.stop();
      for (let i = 0; i < 3; i++) {
        client.evaluateV2({ user_id: "alice" }, ["a"]);
        await stage.advance(43_200_001);
      }
    },
  },
  {
    name: "assignments: uploads that fail with 500",
    async play(stage) {
      const client = await started(stage, [500, 500, TAKEN], { assignmentConfig: ANALYTICS });
      client.stop();
      client.evaluateV2({ user_id: "alice" });
      await stage.advance(60_000);
    },
  },
  {
    name: "exposures: one event for each flag, to the library and to a logger",
    async play(stage) {
      const client = await started(stage, [TAKEN], {
        exposureConfig: ANALYTICS,
        exposureLogger: { logAssignment: (event) => stage.note("exposure", event) },
      });
      client.evaluateV2({ user_id: "alice" });
      client.evaluateV2({ user_id: "alice" }, undefined, exposed);
      client.evaluateV2({ user_id: "alice" }, undefined, exposed);
      client.evaluateV2({ user_id: "bob", groups: { org: ["x"] } }, ["b"], exposed);
      const stopped = client.stop({ timeoutMs: 1_000 });
      stage.settles("stop", stopped);
      await stage.advance(5_000);
    },
  },
];
