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
