import type { ScriptedReply, Situation, Stage } from "@sortition/dialect-kit/request-recorder";
import { clearCache, configureCache, type GrowthBook, type InitOptions } from "../../src/index.js";
import {
  FEATURES,
  features,
  instance,
  look,
  payload,
  push,
  pushFeatures,
  STREAM,
  streamed,
} from "./client.js";

/** Creates an instance that follows a stream with these replies. */
async function streaming(
  stage: Stage,
  replies: readonly ScriptedReply[],
  init: InitOptions = { streaming: true },
): Promise<GrowthBook> {
  stage.server.on(STREAM, ...replies);
  stage.server.on(FEATURES, streamed("a"), streamed("b"));
  const gb = instance(stage);
  stage.settles("init", gb.init(init));
  await stage.advance(0);
  return gb;
}

/** Advances time with a comment every 30 s, which keeps streams alive. */
async function stayAlive(stage: Stage, ms: number): Promise<void> {
  for (let leftMs = ms; leftMs > 0; leftMs -= 30_000) {
    await stage.advance(Math.min(30_000, leftMs));
    for (const stream of stage.server.streams) stream.write(": alive\n\n");
    await stage.advance(0);
  }
}

/** Destroys the instance, and waits until its stream has ended. */
async function end(stage: Stage, gb: GrowthBook): Promise<void> {
  look(stage, gb);
  gb.destroy();
  await stage.advance(6_000);
}

/** Responses to a reconnection that are not a stream. */
const REFUSALS: Readonly<Record<string, ScriptedReply>> = {
  "204": 204,
  "401": 401,
  "403": 403,
  "404": 404,
  "302": { status: 302, headers: { location: "http://elsewhere.test/sub/key" } },
  "307": { status: 307, headers: { location: "http://elsewhere.test/sub/key" } },
  HTML: { headers: { "content-type": "text/html" }, body: "<html>no</html>" },
  JSON: { body: "{}" },
  gzip: { headers: { "content-type": "text/event-stream", "content-encoding": "gzip" }, body: "?" },
};

/** How instances follow a stream, and poll while there is none. */
export const STREAMS: readonly Situation[] = [
  {
    name: "features, the same again, a change, signs of life, end",
    async play(stage) {
      const gb = await streaming(stage, ["stream"]);
      await stage.advance(500);
      await pushFeatures(stage, "a");
      await pushFeatures(stage, "c");
      look(stage, gb);
      await stayAlive(stage, 120_000);
      await push(stage, "features-updated", "");
      await stage.advance(100);
      await end(stage, gb);
    },
  },
  {
    name: "events of other types, and of none",
    async play(stage) {
      const gb = await streaming(stage, ["stream"]);
      await push(stage, "ping", "1");
      for (const stream of stage.server.streams) stream.send(JSON.stringify(payload("c")));
      await stage.advance(1_000);
      await end(stage, gb);
    },
  },
  {
    name: "news during a request, whose answer is older",
    async play(stage) {
      const gb = await streaming(stage, ["stream"]);
      stage.server.on(FEATURES, streamed("old", 1_000), streamed("d"));
      await push(stage, "features-updated", "");
      await stage.advance(500);
      await pushFeatures(stage, "c");
      await stage.advance(1_000);
      look(stage, gb);
      await push(stage, "features-updated", "");
      await end(stage, gb);
    },
  },
  {
    name: "news during a refresh, whose answer is older",
    async play(stage) {
      const gb = await streaming(stage, ["stream"]);
      stage.server.on(FEATURES, streamed("old", 1_000));
      stage.settles("refreshFeatures", gb.refreshFeatures({ skipCache: true }));
      await stage.advance(500);
      await pushFeatures(stage, "c");
      await stage.advance(1_000);
      await end(stage, gb);
    },
  },
  {
    name: "three times features-updated during one request",
    async play(stage) {
      const gb = await streaming(stage, ["stream"]);
      stage.server.on(FEATURES, streamed("c", 1_000), streamed("d"));
      for (let i = 0; i < 3; i++) {
        await push(stage, "features-updated", "");
        await stage.advance(300);
      }
      await stage.advance(5_000);
      await end(stage, gb);
    },
  },
  {
    name: "features-updated, and a request that fails",
    async play(stage) {
      const gb = await streaming(stage, ["stream"]);
      stage.server.on(FEATURES, 500, "hang");
      await push(stage, "features-updated", "");
      await stage.advance(1_000);
      await push(stage, "features-updated", "");
      await stage.advance(20_000);
      await end(stage, gb);
    },
  },
  {
    name: "events that are no JSON, whose requests succeed and fail",
    async play(stage) {
      const gb = await streaming(stage, ["stream"]);
      await push(stage, "features", "<html>");
      await stage.advance(1_000);
      look(stage, gb);
      stage.server.on(FEATURES, 500);
      await push(stage, "features", "{");
      await push(stage, "features", "null");
      await push(stage, "features", "[]");
      await stage.advance(1_000);
      await end(stage, gb);
    },
  },
  {
    name: "no stream on the host: polls at staleTTL, with a warning",
    async play(stage) {
      stage.server.on(FEATURES, features("a"), features("a"), 500, features("b"));
      const gb = instance(stage);
      stage.settles("init", gb.init({ streaming: true }));
      await stage.advance(300_000);
      await end(stage, gb);
    },
  },
  {
    name: "a host that has a stream later",
    async play(stage) {
      stage.server.on(STREAM, "stream");
      stage.server.on(FEATURES, features("a"), features("a"), streamed("b"));
      const gb = instance(stage);
      stage.settles("init", gb.init({ streaming: true }));
      await stage.advance(125_000);
      await pushFeatures(stage, "c");
      await end(stage, gb);
    },
  },
  {
    name: "an init that fails, then a stream",
    async play(stage) {
      stage.server.on(STREAM, "stream");
      stage.server.on(FEATURES, 500, streamed("a"));
      const gb = instance(stage);
      stage.settles("init", gb.init({ streaming: true }));
      await stage.advance(125_000);
      await end(stage, gb);
    },
  },
  ...(["end", "reset"] as const).map(
    (how): Situation => ({
      name: `${how} of the connection, twice, each followed by a new one`,
      async play(stage) {
        const gb = await streaming(stage, ["stream"]);
        await stage.advance(1_000);
        for (const stream of stage.server.streams) stream[how]();
        await stage.advance(3_000);
        look(stage, gb);
        for (const stream of stage.server.streams) stream[how]();
        await stage.advance(3_000);
        await end(stage, gb);
      },
    }),
  ),
  {
    name: "a reset, and no new connection for minutes, with polls",
    async play(stage) {
      const gb = await streaming(stage, ["stream", 500, 500, 500, 500, 500, 500, "stream"]);
      await stage.advance(1_000);
      for (const stream of stage.server.streams) stream.reset();
      await stage.advance(180_000);
      await end(stage, gb);
    },
  },
  {
    name: "a server that goes away with all it has, and comes back",
    async play(stage) {
      const gb = await streaming(stage, ["stream"]);
      await stage.advance(1_000);
      stage.server.connections("refused");
      await stage.advance(150_000);
      stage.server.connections("accepted");
      await stage.advance(60_000);
      await end(stage, gb);
    },
  },
  ...([204, 401, 500, "hang", { body: "no stream" }] as const).map(
    (reply): Situation => ({
      name: `a stream that answers with ${JSON.stringify(reply)}, with polls`,
      async play(stage) {
        const gb = await streaming(stage, [reply]);
        await stage.advance(130_000);
        stage.server.on(STREAM, "stream");
        await stage.advance(70_000);
        await end(stage, gb);
      },
    }),
  ),
  ...Object.entries(REFUSALS).map(
    ([name, reply]): Situation => ({
      name: `a reconnection that is refused by ${name}, twice, and one that is not`,
      async play(stage) {
        const gb = await streaming(stage, ["stream", reply, reply, "stream"]);
        await stage.advance(1_000);
        for (const stream of stage.server.streams) stream.end();
        await stage.advance(610_000);
        await pushFeatures(stage, "c");
        await end(stage, gb);
      },
    }),
  ),
  {
    name: "an event that is too large, and the stream after it",
    async play(stage) {
      const gb = await streaming(stage, ["stream"]);
      await stage.advance(1_000);
      const part = `data: ${"x".repeat(1_048_576)}\n`;
      for (let i = 0; i < 65; i++) for (const stream of stage.server.streams) stream.write(part);
      await stage.advance(310_000);
      await pushFeatures(stage, "c");
      await end(stage, gb);
    },
  },
  {
    name: "a stream that the server ends after each first event, and that asks for no pause",
    async play(stage) {
      const gb = await streaming(stage, ["stream"]);
      for (let i = 0; i < 600; i++) {
        for (const stream of stage.server.streams) {
          stream.write("retry: 0\n\n");
          stream.end();
        }
        await stage.advance(100);
      }
      await end(stage, gb);
    },
  },
  {
    name: "a stream that asks for a pause by 503 and Retry-After, and by its retry field",
    async play(stage) {
      const busy: ScriptedReply = { status: 503, headers: { "retry-after": "20" } };
      const gb = await streaming(stage, [busy, "stream"]);
      await stage.advance(21_000);
      for (const stream of stage.server.streams) {
        stream.write('retry: 7000\nid: 41\nevent: features\ndata: {"features":{"c":{}}}\n\n');
        await stage.advance(0);
        stream.end();
      }
      await stage.advance(10_000);
      await end(stage, gb);
    },
  },
  {
    name: "silence: the connection is lost, polls, a new connection",
    async play(stage) {
      const gb = await streaming(stage, ["stream"]);
      await stage.advance(150_000);
      await end(stage, gb);
    },
  },
  {
    name: "silence of its own length, with a staleTTL that is shorter",
    async play(stage) {
      const cacheSettings = { streamSilence: 5_000, staleTTL: 2_000 };
      const gb = await streaming(stage, ["stream", "hang", "stream"], {
        streaming: true,
        cacheSettings,
      });
      await stage.advance(30_000);
      await end(stage, gb);
    },
  },
  {
    name: "a polling interval beside the stream",
    async play(stage) {
      const gb = await streaming(stage, ["stream", 500, "stream"], {
        streaming: true,
        pollingInterval: 700,
      });
      await stayAlive(stage, 60_000);
      for (const stream of stage.server.streams) stream.reset();
      await stage.advance(10_000);
      await end(stage, gb);
    },
  },
  {
    name: "a payload that is given, and a stream that is taken for granted",
    async play(stage) {
      stage.server.on(STREAM, "stream");
      stage.server.on(FEATURES, streamed("a"));
      const first = instance(stage);
      first.initSync({ payload: payload("given"), streaming: true });
      const second = instance(stage);
      stage.settles("init", second.init({ payload: payload("other"), streaming: true }));
      await stage.advance(1_000);
      await pushFeatures(stage, "c");
      look(stage, first);
      first.destroy();
      await end(stage, second);
    },
  },
  {
    name: "another host for streams, with headers",
    async play(stage) {
      stage.server.on(FEATURES, streamed("a"));
      stage.server.on("/streams/sub/key", "stream");
      const gb = instance(stage, {
        streamingHost: "https://sse.test/streams/",
        streamingHostRequestHeaders: { "X-Stream": "1" },
        apiHostRequestHeaders: { "X-Api": "1" },
      });
      stage.settles("loadFeatures", gb.loadFeatures({ autoRefresh: true }));
      await stage.advance(1_000);
      await pushFeatures(stage, "c");
      await end(stage, gb);
    },
  },
  {
    name: "backgroundSync off, then on",
    async play(stage) {
      configureCache({ backgroundSync: false });
      const gb = await streaming(stage, ["stream"]);
      await stage.advance(100_000);
      configureCache({ backgroundSync: true });
      stage.settles("second init", gb.init({ streaming: true }));
      await stage.advance(1_000);
      configureCache({ backgroundSync: false });
      await stage.advance(100_000);
      await end(stage, gb);
    },
  },
  {
    name: "clearCache while the stream is open, and init again",
    async play(stage) {
      const gb = await streaming(stage, ["stream"]);
      await stage.advance(1_000);
      stage.settles("clearCache", clearCache());
      await stage.advance(100_000);
      stage.settles("second init", gb.init({ streaming: true }));
      await stage.advance(1_000);
      await pushFeatures(stage, "c");
      await end(stage, gb);
    },
  },
  {
    name: "destroy before the stream is open, and before the payload is there",
    async play(stage) {
      const first = await streaming(stage, ["hang", "stream"]);
      first.destroy();
      await stage.advance(6_000);
      stage.settles("clearCache", clearCache());
      stage.server.on(FEATURES, streamed("a", 500));
      const second = instance(stage);
      stage.settles("second init", second.init({ streaming: true }));
      await stage.advance(100);
      second.destroy();
      await stage.advance(10_000);
    },
  },
  {
    name: "destroyAllStreams, of another instance",
    async play(stage) {
      const gb = await streaming(stage, ["stream"]);
      instance(stage).destroy({ destroyAllStreams: true });
      await stage.advance(100_000);
      stage.settles("second init", gb.init({ streaming: true }));
      await stage.advance(1_000);
      await end(stage, gb);
    },
  },
];
