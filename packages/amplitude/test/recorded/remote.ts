import type { ScriptedReply, Situation, Stage } from "@sortition/dialect-kit/request-recorder";
import { LogLevel, RemoteEvaluationClient, type RemoteEvaluationConfig } from "../../src/index.js";

const VARIANTS = "remote.test/sdk/v2/vardata";
const ANSWER: ScriptedReply = { body: { a: { key: "on", value: "on" } } };

function remoteClient(
  { logger, server }: Stage,
  replies: readonly ScriptedReply[],
  config: RemoteEvaluationConfig = {},
): RemoteEvaluationClient {
  server.on(`${VARIANTS}*`, ...replies);
  return new RemoteEvaluationClient("key", {
    serverUrl: "http://remote.test",
    loggerProvider: logger,
    logLevel: LogLevel.Verbose,
    ...config,
  });
}

/** Plays one fetch from a server that sends the given replies. */
function play(replies: readonly ScriptedReply[], ms: number, config: RemoteEvaluationConfig = {}) {
  return async (stage: Stage): Promise<void> => {
    const client = remoteClient(stage, replies, config);
    stage.settles("fetchV2", client.fetchV2({ user_id: "alice" }));
    await stage.advance(ms);
  };
}

/** Remote evaluation on the vendor's server. */
export const REMOTE: readonly Situation[] = [
  {
    name: "fetches of different users and options",
    async play(stage) {
      const client = remoteClient(stage, [ANSWER]);
      const user = { user_id: "alice", user_properties: { name: "Älice" } };
      stage.settles("fetchV2", client.fetchV2(user, { flagKeys: ["a", "b"] }));
      await stage.advance(10);
      stage.settles("fetch", client.fetch({ device_id: "d" }));
      await stage.advance(10);
      client.fetchAsyncV2({ user_id: "bob" }, (_, variants, error) =>
        stage.note("callback", Object.keys(variants), error),
      );
      await stage.advance(10);
    },
  },
  {
    name: "429 with Retry-After",
    play: play([{ status: 429, headers: { "retry-after": "7" } }, ANSWER], 9_000),
  },
  {
    name: "one deadline over all tries",
    play: play([500, 500, "hang"], 10_000, { fetchDeadlineMillis: 2_000 }),
  },
  {
    name: "two connections for five fetches, of which some wait too long",
    async play(stage) {
      const slow = { ...(ANSWER as object), afterMs: 400 };
      const client = remoteClient(stage, [slow], {
        connectionPoolMaxSize: 2,
        fetchPoolAcquireTimeoutMillis: 500,
        fetchRetries: 0,
      });
      for (let i = 0; i < 5; i++) {
        stage.settles(`fetch ${i}`, client.fetchV2({ user_id: `user-${i}` }));
      }
      await stage.advance(5_000);
    },
  },
];
