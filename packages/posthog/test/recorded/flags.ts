import type { ScriptedReply, Situation, Stage } from "@sortition/dialect-kit/request-recorder";
import type { PostHog, PostHogOptions } from "../../src/index.js";
import {
  BATCH,
  clientOf,
  DEFINITIONS,
  definitionsOf,
  end,
  FAILURES,
  FLAGS,
  flagOf,
  undecidableFlagOf,
} from "./client.js";

/** Reply with flags that are on. */
function served(...keys: readonly string[]): ScriptedReply {
  const flags = Object.fromEntries(
    keys.map((key) => [
      key,
      { key, enabled: true, metadata: { id: 7, version: 3 }, reason: { code: "condition_match" } },
    ]),
  );
  return { body: { flags, requestId: "request-1", evaluatedAt: 1_767_225_600_000 } };
}

/** Creates a client for a server that evaluates flags with these replies. */
function remoteClient(
  stage: Stage,
  replies: readonly ScriptedReply[],
  options: PostHogOptions = {},
): PostHog {
  stage.server.on(FLAGS, ...replies);
  stage.server.on(BATCH, 200);
  return clientOf(stage, options);
}

/** Evaluates a flag once, by a server with these replies. */
function ask(replies: readonly ScriptedReply[], ms: number, options: PostHogOptions = {}) {
  return async (stage: Stage): Promise<void> => {
    const client = remoteClient(stage, replies, { sendFeatureFlagEvent: false, ...options });
    stage.settles("a", client.getFeatureFlag("a", "alice"));
    await stage.advance(ms);
    await end(stage, client);
  };
}

/** How flags are requested from the server, and which events report it. */
export const FLAG_REQUESTS: readonly Situation[] = [
  {
    name: "one flag, all, payloads, a snapshot, groups and properties",
    async play(stage) {
      const client = remoteClient(stage, [served("a", "b")]);
      const options = {
        groups: { company: "acme" },
        personProperties: { plan: "pro", $device_id: "d-1" },
        groupProperties: { company: { size: 5 } },
      };
      stage.settles("one", client.getFeatureFlag("a", "alice", options));
      await stage.advance(10);
      stage.settles("payload", client.getFeatureFlagPayload("a", "alice"));
      await stage.advance(10);
      stage.settles("all", client.getAllFlags("alice", { flagKeys: ["a"], disableGeoip: false }));
      await stage.advance(10);
      const snapshot = client.evaluateFlags("bob").then((it) => it.getFlag("b"));
      stage.settles("snapshot", snapshot);
      await stage.advance(6_000);
      await end(stage, client);
    },
  },
  ...FAILURES.map(
    ({ name, reply }): Situation => ({
      name: `${name}, then an answer`,
      play: ask([reply, served("a")], 10_000),
    }),
  ),
  { name: "no answer, twice", play: ask(["hang"], 20_000) },
  {
    name: "an answer that is later than a deadline of its own",
    play: ask([{ ...(served("a") as object), afterMs: 400 }, served("a")], 10_000, {
      featureFlagsRequestTimeoutMs: 300,
    }),
  },
  {
    name: "$feature_flag_called once for each person, flag and value",
    async play(stage) {
      const client = remoteClient(stage, [served("a"), served("a"), served(), served("a")]);
      for (const person of ["alice", "alice", "alice", "bob"]) {
        stage.settles(person, client.isFeatureEnabled("a", person));
        await stage.advance(100);
      }
      await stage.advance(6_000);
      await end(stage, client);
    },
  },
  {
    name: "flags that are decided locally, and by the server because one cannot be",
    async play(stage) {
      stage.server.on(DEFINITIONS, definitionsOf([flagOf("a"), undecidableFlagOf("c")]));
      const client = remoteClient(stage, [served("c"), 500], { secretKey: "phx_secret" });
      await stage.advance(0);
      for (const key of ["a", "c", "c"]) {
        stage.settles(key, client.getFeatureFlag(key, "alice"));
        await stage.advance(5_000);
      }
      stage.settles("all", client.getAllFlags("alice", { onlyEvaluateLocally: true }));
      await stage.advance(6_000);
      await end(stage, client);
    },
  },
  {
    name: "shutdown during an evaluation, and during the pause after one that failed",
    async play(stage) {
      const first = remoteClient(stage, ["hang"]);
      stage.settles("a", first.getFeatureFlag("a", "alice"));
      await stage.advance(100);
      await end(stage, first);
      const second = remoteClient(stage, [502]);
      stage.settles("a", second.getFeatureFlag("a", "alice"));
      await stage.advance(100);
      await end(stage, second);
      await stage.advance(10_000);
    },
  },
  {
    name: "flush and shutdown wait for flags of an event",
    async play(stage) {
      const client = remoteClient(stage, [{ ...(served("a") as object), afterMs: 500 }]);
      client.capture({ distinctId: "alice", event: "first", sendFeatureFlags: true });
      stage.settles("flush", client.flush());
      await stage.advance(1_000);
      client.capture({ distinctId: "bob", event: "second", sendFeatureFlags: true });
      stage.settles("shutdown", client.shutdown(200));
      await stage.advance(1_000);
    },
  },
];
