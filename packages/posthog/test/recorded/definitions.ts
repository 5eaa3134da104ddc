import type { ScriptedReply, Situation, Stage } from "@sortition/dialect-kit/request-recorder";
import type { PostHog, PostHogOptions } from "../../src/index.js";
import {
  clientOf,
  DEFINITIONS,
  definitions,
  definitionsOf,
  end,
  FAILURES,
  flagOf,
  tagged,
  undecidableFlagOf,
} from "./client.js";

/** Creates a client that evaluates locally, for a server with these replies. */
function localClient(
  stage: Stage,
  replies: readonly ScriptedReply[],
  options: PostHogOptions = {},
): PostHog {
  stage.server.on(DEFINITIONS, ...replies);
  return clientOf(stage, {
    secretKey: "phx_secret",
    strictLocalEvaluation: true,
    sendFeatureFlagEvent: false,
    ...options,
  });
}

/** Records which flags a client has, and their values. */
async function look(stage: Stage, client: PostHog): Promise<void> {
  const keys = client.getFeatureFlagKeysByEvaluationRuntime("all");
  stage.note("flags", keys, `ready: ${client.isLocalEvaluationReady()}`);
  stage.settles("a", client.getFeatureFlag("a", "alice"));
  await stage.advance(0);
}

/** One failure of each class, with the time until definitions are loaded after three of them in a row. */
const CLASSES = FAILURES.filter(({ name }) => !/^(408|502)$/.test(name)).map((it) => ({
  ...it,
  recoversMs: /Retry-After/.test(it.name) ? 110_000 : /^40/.test(it.name) ? 80_000 : 10_000,
}));

/** How flag definitions are polled. */
export const POLLS: readonly Situation[] = [
  {
    name: "start, polls with etags, the same and others",
    async play(stage) {
      const client = localClient(stage, [
        ...[tagged(definitions("a"), '"1"'), 304, { status: 304, headers: { etag: '"2"' } }, 304],
        ...[
          tagged(definitions("a"), '"3"'),
          tagged(definitions("b"), '"4"'),
          definitions("b", "c"),
        ],
      ]);
      client.debug();
      stage.settles("ready", client.waitForLocalEvaluationReady());
      await stage.advance(0);
      await look(stage, client);
      await stage.advance(220_000);
      await look(stage, client);
      await end(stage, client);
    },
  },
  ...CLASSES.map(
    ({ name, recoversMs, reply }): Situation => ({
      name: `start: ${name} twice, then definitions`,
      async play(stage) {
        const client = localClient(stage, [reply, reply, definitions("a")]);
        stage.settles("ready", client.waitForLocalEvaluationReady(10_000));
        await stage.advance(20_000);
        await look(stage, client);
        await stage.advance(recoversMs);
        await look(stage, client);
        await end(stage, client);
      },
    }),
  ),
  {
    name: "polls: 500 three times, then other definitions",
    async play(stage) {
      const client = localClient(stage, [definitions("a"), 500, 500, 500, definitions("b")], {
        featureFlagsPollingInterval: 10_000,
      });
      await stage.advance(40_000);
      await look(stage, client);
      await stage.advance(10_000);
      await look(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "start: no answer, then definitions",
    async play(stage) {
      const client = localClient(stage, ["hang", definitions("a")], { requestTimeout: 2_000 });
      stage.settles("ready", client.waitForLocalEvaluationReady(1_000));
      stage.settles("early", client.getFeatureFlag("a", "alice"));
      await stage.advance(60_000);
      await look(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "the quota is exceeded, and no longer, by 200 and by 304",
    async play(stage) {
      const first = tagged(definitions("a"), '"1"');
      const client = localClient(stage, [first, 402, 304, 402, first, 402, 402, first], {
        featureFlagsPollingInterval: 10_000,
      });
      for (let i = 0; i < 3; i++) {
        await stage.advance(20_000);
        await look(stage, client);
      }
      await stage.advance(120_000);
      await look(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "429: loads on demand wait, reloadFeatureFlags does not",
    async play(stage) {
      const client = localClient(stage, [429], { featureFlagsPollingInterval: 60_000 });
      for (let i = 0; i < 3; i++) {
        stage.settles("a", client.getFeatureFlag("a", "alice"));
        stage.settles("all", client.getAllFlags("alice"));
        await stage.advance(5_000);
      }
      stage.settles("reload", client.reloadFeatureFlags());
      await stage.advance(60_000);
      stage.settles("a", client.getFeatureFlag("a", "alice"));
      await stage.advance(600_000);
      await end(stage, client);
    },
  },
  {
    name: "evaluations that ask for definitions while there are none",
    async play(stage) {
      const client = localClient(stage, [
        500,
        500,
        500,
        { ...(definitions("a") as object), afterMs: 300 },
      ]);
      for (let i = 0; i < 3; i++) {
        stage.settles("a", client.getFeatureFlag("a", "alice"));
        stage.settles(
          "snapshot",
          client.evaluateFlags("alice").then((it) => it.keys),
        );
        await stage.advance(500);
      }
      await look(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "without an interval: one load, reloads, and loads on demand",
    async play(stage) {
      const client = localClient(stage, [500, definitions("a"), definitions("b")], {
        featureFlagsPollingInterval: null,
      });
      await stage.advance(600_000);
      await look(stage, client);
      await stage.advance(600_000);
      stage.settles("reload", client.reloadFeatureFlags());
      await stage.advance(600_000);
      await look(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "waitForLocalEvaluationReady: late, in vain, without flags, at shutdown",
    async play(stage) {
      const slow = { ...(definitionsOf([]) as object), afterMs: 2_000 };
      const client = localClient(stage, [slow, definitions("a")]);
      stage.settles("short", client.waitForLocalEvaluationReady(500));
      stage.settles("long", client.waitForLocalEvaluationReady(10_000));
      await stage.advance(5_000);
      stage.settles("without flags", client.waitForLocalEvaluationReady(60_000));
      await stage.advance(40_000);
      stage.settles("at once", client.waitForLocalEvaluationReady());
      await end(stage, client);
      const other = localClient(stage, ["hang"]);
      stage.settles("at shutdown", other.waitForLocalEvaluationReady());
      await stage.advance(1_000);
      await end(stage, other);
      stage.settles("after shutdown", other.waitForLocalEvaluationReady());
    },
  },
  {
    name: "definitions that are broken in part, or cannot be evaluated locally",
    async play(stage) {
      const client = localClient(stage, [
        definitionsOf([
          flagOf("a"),
          { key: "b", active: true, filters: 5 },
          undecidableFlagOf("c"),
        ]),
      ]);
      client.debug();
      await stage.advance(10_000);
      for (const key of ["a", "b", "c", "none"]) {
        stage.settles(key, client.getFeatureFlag(key, "alice"));
      }
      await stage.advance(0);
      await end(stage, client);
    },
  },
  {
    name: "shutdown during a poll, and during the first request",
    async play(stage) {
      const client = localClient(stage, [definitions("a"), "hang"]);
      await stage.advance(31_000);
      await end(stage, client);
      const other = localClient(stage, ["hang"]);
      stage.settles("a", other.getFeatureFlag("a", "alice"));
      await stage.advance(100);
      await end(stage, other);
    },
  },
  {
    name: "no secret key, and no local evaluation",
    async play(stage) {
      const client = localClient(stage, [definitions("a")], { secretKey: undefined });
      stage.settles("ready", client.waitForLocalEvaluationReady());
      const other = localClient(stage, [definitions("a")], { enableLocalEvaluation: false });
      stage.settles("ready", other.waitForLocalEvaluationReady());
      await stage.advance(60_000);
      await look(stage, client);
      await end(stage, client);
      await end(stage, other);
    },
  },
  {
    name: "a fetch of the user's, which answers, fails and hangs",
    async play(stage) {
      const answers: (() => Promise<Response>)[] = [
        async () => new Response("", { status: 500 }),
        () => Promise.reject(new TypeError("fetch failed")),
        () => new Promise<never>(() => {}),
        async () => Response.json({ flags: [flagOf("a")], group_type_mapping: {}, cohorts: {} }),
      ];
      const client = localClient(stage, [], {
        requestTimeout: 5_000,
        fetch: async (url, { method }) => {
          stage.note("fetch", method, url);
          const answer = answers.length > 1 ? answers.shift() : answers[0];
          return (answer ?? (() => Promise.reject(new Error("no answer"))))();
        },
      });
      await stage.advance(160_000);
      await look(stage, client);
      await end(stage, client);
    },
  },
];
