import type {
  ScriptedReply,
  ScriptedResponder,
  Situation,
  Stage,
} from "@sortition/dialect-kit/request-recorder";
import type { LocalEvaluationConfig } from "../../src/index.js";
import { cohortFlag } from "../source/cohort-server.js";
import { COHORT_SYNC, FLAGS, flags, localClient } from "./client.js";

function cohort(cohortId: string, lastModified = 1): ScriptedReply {
  const facts = { groupType: "User", groupTypeId: 0, lastComputed: 1, lastModified, size: 1 };
  return { body: { cohortId, ...facts, memberIds: ["alice"] } };
}

/** Flags that are each on for the members of one cohort. */
function flagsOf(...cohortIds: readonly string[]): ScriptedReply {
  return { body: cohortIds.map((id) => cohortFlag(`for-${id}`, id)) };
}

/** Plays replies to requests for the cohort `c1`. The last reply is repeated. */
function play(
  replies: readonly (ScriptedReply | ScriptedResponder)[],
  ms: number,
  config: LocalEvaluationConfig = {},
) {
  return async (stage: Stage): Promise<void> => {
    stage.server.on(FLAGS, flagsOf("c1"));
    stage.server.on("/cohort/c1", ...replies);
    const client = localClient(stage, { cohortSyncConfig: COHORT_SYNC, ...config });
    stage.settles("start", client.start());
    await stage.advance(ms);
    const { on } = client.evaluateV2({ user_id: "alice" });
    stage.note("cohorts", [...client.cohortStorage.getAllCohortIds()], on === undefined);
    client.stop();
  };
}

const notModified: ScriptedResponder = ({ url }) =>
  url.searchParams.get("lastModified") === "1" ? 204 : cohort("c1");

/** Downloads of the cohorts that flags refer to. */
export const COHORTS: readonly Situation[] = [
  { name: "a cohort that changes once", play: play([cohort("c1"), 204, cohort("c1", 2)], 185_000) },
  {
    name: "a cohort that arrives at the third try",
    play: play([500, "reset", cohort("c1")], 65_000),
  },
  { name: "a cohort that is refused: 401", play: play([401, 404, 413, cohort("c1")], 125_000) },
  { name: "a cohort that is throttled", play: play([429, 429, 429, 429, cohort("c1")], 65_000) },
  {
    name: "a cohort that fails once it is there",
    play: play([cohort("c1"), 500, 404, 204], 250_000),
  },
  { name: "a cohort without an answer", play: play(["hang", "hang", cohort("c1")], 70_000) },
  {
    name: "twelve cohorts of two seconds each",
    async play(stage) {
      const ids = Array.from({ length: 12 }, (_, i) => `c${i}`);
      stage.server.on(FLAGS, flagsOf(...ids));
      for (const id of ids) {
        stage.server.on(`/cohort/${id}`, { ...(cohort(id) as object), afterMs: 2_000 });
      }
      const client = localClient(stage, { cohortSyncConfig: COHORT_SYNC });
      stage.settles("start", client.start());
      await stage.advance(20_000);
      client.stop();
    },
  },
  {
    name: "flags that come to refer to another cohort, and then to none",
    async play(stage) {
      stage.server.on(FLAGS, flagsOf("c1"), flagsOf("c1", "c2"), flags("a"));
      stage.server.on("/cohort/*", ({ url }) => cohort(url.pathname.slice(-2)));
      const client = localClient(stage, { cohortSyncConfig: COHORT_SYNC });
      stage.settles("start", client.start());
      for (let i = 0; i < 4; i++) {
        await stage.advance(31_000);
        stage.note("cohorts", [...client.cohortStorage.getAllCohortIds()]);
      }
      client.stop();
    },
  },
  {
    name: "stop during a download, and starts after a short and a long stop",
    async play(stage) {
      stage.server.on(FLAGS, flagsOf("c1"));
      stage.server.on("/cohort/c1", "hang", notModified);
      const client = localClient(stage, { cohortSyncConfig: COHORT_SYNC });
      for (const stoppedMs of [1_000, 30_000, 100_000, 0]) {
        stage.settles("start", client.start());
        await stage.advance(1_000);
        client.stop();
        await stage.advance(stoppedMs);
      }
    },
  },
  {
    name: "flags with cohorts that are not downloaded",
    async play(stage) {
      stage.server.on(FLAGS, flagsOf("c1"));
      const client = localClient(stage);
      stage.settles("start", client.start());
      await stage.advance(31_000);
      client.evaluateV2({ user_id: "alice" });
      client.stop();
    },
  },
];
