import type { ScriptedReply, Situation, Stage } from "@sortition/dialect-kit/request-recorder";
import type { LocalEvaluationClient, LocalEvaluationConfig } from "../../src/index.js";
import { flagOf } from "../client/local/flags.js";
import { COHORT_SYNC, FLAGS, flags, localClient, STREAM } from "./client.js";

const FLAG_LIST = JSON.stringify([flagOf("a")]);

/**
 * Creates a streaming client. Its stream sends the given replies, and its flags can always be
 * polled.
 */
async function streaming(
  stage: Stage,
  replies: readonly ScriptedReply[],
  config: LocalEvaluationConfig = {},
): Promise<LocalEvaluationClient> {
  stage.server.on(STREAM, ...replies);
  stage.server.on(FLAGS, flags("polled"));
  const client = localClient(stage, { streamUpdates: true, ...config });
  stage.settles("start", client.start());
  await stage.advance(0);
  return client;
}

/** Sends an event to each open stream. */
async function send(stage: Stage, data: string, type?: string): Promise<void> {
  for (const stream of stage.server.streams) stream.send(data, type);
  stage.note(`sent to ${stage.server.streams.length}:`, data.slice(0, 20));
  await stage.advance(0);
}

/** Lets time pass with a sign of life every 15 s. */
async function stayAlive(stage: Stage, ms: number): Promise<void> {
  for (let leftMs = ms; leftMs > 0; leftMs -= 15_000) {
    await stage.advance(Math.min(15_000, leftMs));
    for (const stream of stage.server.streams) stream.send(" ");
    await stage.advance(0);
  }
}

/** Streaming flags, and polling while there is no stream. */
export const STREAMS: readonly Situation[] = [
  {
    name: "flags, signs of life, a change, stop",
    async play(stage) {
      const client = await streaming(stage, ["stream"]);
      await stage.advance(500);
      await send(stage, FLAG_LIST);
      await stayAlive(stage, 60_000);
      await send(stage, JSON.stringify([flagOf("b")]));
      stage.note("flags", Object.keys(client.evaluateV2({ user_id: "alice" })));
      client.stop();
    },
  },
  {
    name: "silence, with comments and other events that are no signs of life",
    async play(stage) {
      const client = await streaming(stage, ["stream"]);
      await send(stage, FLAG_LIST);
      await stage.advance(10_000);
      await send(stage, "1", "ping");
      for (const stream of stage.server.streams) stream.write(": comment\n\n");
      await stage.advance(7_500);
      await send(stage, FLAG_LIST);
      await stage.advance(40_000);
      client.stop();
    },
  },
  {
    name: "an end and a reset, each followed by a new connection",
    async play(stage) {
      const client = await streaming(stage, ["stream"]);
      await send(stage, FLAG_LIST);
      await stage.advance(1_000);
      for (const stream of stage.server.streams) stream.end();
      await stage.advance(100);
      await send(stage, FLAG_LIST);
      await stage.advance(1_000);
      for (const stream of stage.server.streams) stream.reset();
      await stage.advance(100);
      await send(stage, FLAG_LIST);
      await stage.advance(5_000);
      client.stop();
    },
  },
  {
    name: "a reset, no new connection, polls, the stream again",
    async play(stage) {
      const client = await streaming(stage, ["stream", 500, 500, "stream"]);
      await send(stage, FLAG_LIST);
      await stage.advance(1_000);
      for (const stream of stage.server.streams) stream.reset();
      await stage.advance(33_000);
      await send(stage, FLAG_LIST);
      await stayAlive(stage, 60_000);
      client.stop();
    },
  },
  {
    name: "a new connection without flags, polls",
    async play(stage) {
      const client = await streaming(stage, ["stream"]);
      await send(stage, FLAG_LIST);
      for (const stream of stage.server.streams) stream.end();
      await stage.advance(60_000);
      client.stop();
    },
  },
  {
    name: "start: 501, polls, a stream later",
    async play(stage) {
      const client = await streaming(stage, [501, 501, "stream"]);
      await stage.advance(33_000);
      await send(stage, FLAG_LIST);
      await stayAlive(stage, 45_000);
      client.stop();
    },
  },
  {
    name: "501 once it worked",
    async play(stage) {
      const client = await streaming(stage, ["stream", 501, "stream"]);
      await send(stage, FLAG_LIST);
      for (const stream of stage.server.streams) stream.end();
      await stage.advance(17_000);
      await send(stage, FLAG_LIST);
      await stage.advance(10_000);
      client.stop();
    },
  },
  ...([401, 500, "reset", { body: "no stream" }] as const).map(
    (reply): Situation => ({
      name: `start: ${JSON.stringify(reply)}, polls`,
      async play(stage) {
        const client = await streaming(stage, [reply]);
        await stage.advance(50_000);
        client.stop();
      },
    }),
  ),
  {
    name: "start: refused connections, then a stream",
    async play(stage) {
      stage.server.connections("refused");
      const client = await streaming(stage, ["stream"]);
      await stage.advance(5_000);
      stage.server.connections("accepted");
      await stage.advance(11_500);
      await send(stage, FLAG_LIST);
      await stage.advance(10_000);
      client.stop();
    },
  },
  {
    name: "start: no flags within the deadline, polls",
    async play(stage) {
      const client = await streaming(stage, ["stream"], { streamFlagConnTimeoutMillis: 800 });
      await stage.advance(1_000);
      await send(stage, FLAG_LIST);
      await stage.advance(50_000);
      client.stop();
    },
  },
  {
    name: "start: neither a stream nor flags, then both",
    async play(stage) {
      stage.server.on(STREAM, 503, 503, "stream");
      stage.server.on(FLAGS, 503);
      const client = localClient(stage, { streamUpdates: true });
      stage.settles("start", client.start());
      await stage.advance(20_000);
      stage.settles("second start", client.start());
      await stage.advance(0);
      await send(stage, FLAG_LIST);
      await stage.advance(10_000);
      client.stop();
    },
  },
  {
    name: "an event that is no list of flags, first and later",
    async play(stage) {
      const client = await streaming(stage, ["stream"]);
      await send(stage, "<html>");
      await stage.advance(16_500);
      await send(stage, FLAG_LIST);
      await stage.advance(1_000);
      await send(stage, '{"no":"list"}');
      await stage.advance(100);
      await send(stage, FLAG_LIST);
      await stage.advance(1_000);
      client.stop();
    },
  },
  {
    name: "a connection that is replaced after fifteen minutes",
    async play(stage) {
      const client = await streaming(stage, ["stream"]);
      await send(stage, FLAG_LIST);
      await stayAlive(stage, 900_000);
      await send(stage, FLAG_LIST);
      await stayAlive(stage, 30_000);
      client.stop();
    },
  },
  {
    name: "a connection that cannot be replaced",
    async play(stage) {
      const client = await streaming(stage, ["stream", 500, 500, 500, "stream"]);
      await send(stage, FLAG_LIST);
      await stayAlive(stage, 945_000);
      await send(stage, FLAG_LIST);
      await stage.advance(10_000);
      client.stop();
    },
  },
  {
    name: "stop at each moment, and start",
    async play(stage) {
      const client = await streaming(stage, ["stream", "stream", 500, "stream"]);
      client.stop();
      stage.settles("second start", client.start());
      await stage.advance(0);
      await send(stage, FLAG_LIST);
      client.stop();
      stage.settles("third start", client.start());
      await stage.advance(2_000);
      client.stop();
      stage.settles("fourth start", client.start());
      await stage.advance(0);
      await send(stage, FLAG_LIST);
      await stage.advance(5_000);
      client.stop();
    },
  },
  {
    name: "cohorts of streamed flags",
    async play(stage) {
      const facts = {
        groupType: "User",
        groupTypeId: 0,
        lastComputed: 1,
        lastModified: 1,
        size: 1,
      };
      const body = { cohortId: "c1", ...facts, memberIds: ["alice"] };
      stage.server.on("/cohort/c1", { body }, 204, 500, 500, 500, 204);
      const selector = ["context", "user", "cohort_ids"];
      const conditions = [[{ selector, op: "set contains any", values: ["c1"] }]];
      const list = [{ ...flagOf("a"), segments: [{ conditions, variant: "on" }] }];
      const client = await streaming(stage, ["stream"], { cohortSyncConfig: COHORT_SYNC });
      await send(stage, JSON.stringify(list));
      await stayAlive(stage, 70_000);
      await send(stage, JSON.stringify([...list, flagOf("b")]));
      await stayAlive(stage, 120_000);
      client.stop();
    },
  },
];
