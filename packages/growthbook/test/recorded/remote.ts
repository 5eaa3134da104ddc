import type { ScriptedReply, Situation, Stage } from "@sortition/dialect-kit/request-recorder";
import type {
  GrowthBook,
  InitOptions,
  Options,
  StickyAssignmentsDocument,
  StickyBucketServiceCompat,
} from "../../src/index.js";
import { SHOP } from "../client/shop-payload.js";
import {
  EVALUATION,
  FAILURES,
  FEATURES,
  features,
  instance,
  look,
  push,
  STREAM,
  streamed,
} from "./client.js";

const ALICE = { id: "alice", plan: "free" };

/** Creates an instance whose features are evaluated by the server. */
async function remote(
  stage: Stage,
  replies: readonly ScriptedReply[],
  options: Options = {},
  init: InitOptions = {},
): Promise<GrowthBook> {
  stage.server.on(EVALUATION, ...replies);
  const gb = instance(stage, { remoteEval: true, attributes: ALICE, ...options });
  stage.settles("init", gb.init(init));
  await stage.advance(0);
  return gb;
}

/** A slow sticky bucket service whose calls are recorded. */
function stickyService(stage: Stage, afterMs: number, fails = false): StickyBucketServiceCompat {
  const kept: Record<string, StickyAssignmentsDocument> = {};
  const later = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    if (fails) throw new Error("no store");
  };
  return {
    async getAllAssignments(attributes) {
      stage.note("getAllAssignments", attributes);
      await later();
      return { ...kept };
    },
    async saveAssignments(doc) {
      stage.note("saveAssignments", doc);
      await later();
      kept[`${doc.attributeName}||${doc.attributeValue}`] = doc;
    },
  };
}

/** How remote evaluations are requested, and how sticky buckets are loaded and saved. */
export const REMOTE: readonly Situation[] = [
  {
    name: "init, attributes, forced values, a URL",
    async play(stage) {
      const gb = await remote(
        stage,
        ["a", "b", "c", "d", "e", "f"].map((it) => features(it)),
      );
      stage.settles("setAttributes", gb.setAttributes({ ...ALICE, plan: "pro" }));
      await stage.advance(100);
      stage.settles("updateAttributes", gb.updateAttributes({ country: "DE" }));
      await stage.advance(100);
      gb.setForcedFeatures(new Map([["a", 1]]));
      stage.settles("setForcedVariations", gb.setForcedVariations({ test: 1 }));
      await stage.advance(100);
      stage.settles("setURL", gb.setURL("https://shop.test/start"));
      await stage.advance(100);
      stage.settles("the same attributes", gb.setAttributes(gb.getAttributes()));
      await stage.advance(100);
      look(stage, gb);
      gb.destroy();
    },
  },
  {
    name: "failures by class, at init and at changes of attributes",
    async play(stage) {
      const failures = FAILURES.map(({ reply }) => reply);
      const gb = await remote(stage, [...failures, features("a"), "hang"]);
      for (let i = 1; i < failures.length + 2; i++) {
        stage.settles(`setAttributes ${i}`, gb.setAttributes({ id: `user ${i}` }));
        await stage.advance(100);
      }
      await stage.advance(20_000);
      look(stage, gb);
      gb.destroy();
    },
  },
  {
    name: "an answer for attributes that have changed meanwhile",
    async play(stage) {
      const gb = await remote(stage, [features("a", 1_000), features("b", 100)]);
      stage.settles("setAttributes", gb.setAttributes({ id: "bob" }));
      await stage.advance(500);
      look(stage, gb);
      await stage.advance(1_000);
      look(stage, gb);
      gb.destroy();
    },
  },
  {
    name: "attributes that do not distinguish answers, from the cache and beside each other",
    async play(stage) {
      const options = { cacheKeyAttributes: ["id"] };
      const gb = await remote(stage, [features("a"), features("b", 100)], options);
      stage.settles("setAttributes", gb.setAttributes({ ...ALICE, plan: "pro" }));
      await stage.advance(100);
      stage.settles("another id", gb.setAttributes({ id: "bob" }));
      const second = instance(stage, {
        remoteEval: true,
        attributes: { id: "bob", n: 1 },
        ...options,
      });
      stage.settles("second init", second.init());
      await stage.advance(1_000);
      look(stage, gb);
      look(stage, second);
      gb.destroy();
      second.destroy();
    },
  },
  {
    name: "a stream: each instance requests its own",
    async play(stage) {
      stage.server.on(STREAM, "stream");
      const replies = ["a", "b", "c", "d"].map((it) => streamed(it));
      const first = await remote(stage, replies, {}, { streaming: true });
      const second = instance(stage, { remoteEval: true, attributes: { id: "bob" } });
      stage.settles("second init", second.init({ streaming: true }));
      await stage.advance(0);
      await push(stage, "features-updated", "");
      await stage.advance(100);
      look(stage, first);
      look(stage, second);
      first.destroy();
      await push(stage, "features-updated", "");
      second.destroy();
      await stage.advance(6_000);
    },
  },
  {
    name: "polls, of two users, of which one fails",
    async play(stage) {
      const init = { pollingInterval: 10_000 };
      const first = await remote(stage, [features("a"), features("b")], {}, init);
      const second = instance(stage, { remoteEval: true, attributes: { id: "bob" } });
      stage.settles("second init", second.init());
      stage.settles("second init", second.init(init));
      await stage.advance(0);
      stage.server.on(EVALUATION, ({ body }) => (body.includes("bob") ? 500 : features("c")));
      await stage.advance(30_000);
      look(stage, first);
      look(stage, second);
      first.destroy();
      second.destroy();
    },
  },
  {
    name: "destroy during an evaluation",
    async play(stage) {
      const gb = await remote(stage, [features("a"), features("b", 500)]);
      stage.settles("setAttributes", gb.setAttributes({ id: "bob" }));
      await stage.advance(100);
      gb.destroy();
      await stage.advance(1_000);
      look(stage, gb);
    },
  },
  ...(
    [
      { name: "that is slow", afterMs: 300, fails: false },
      { name: "that fails", afterMs: 0, fails: true },
    ] as const
  ).map(
    ({ afterMs, fails, name }): Situation => ({
      name: `a service of sticky buckets ${name}: init, attributes, a new payload, a save`,
      async play(stage) {
        stage.server.on(FEATURES, { body: SHOP }, features("b"));
        const gb = instance(stage, {
          attributes: { id: "u1", deviceId: "d" },
          stickyBucketService: stickyService(stage, afterMs, fails),
        });
        stage.settles("init", gb.init({ timeout: 1_000 }));
        await stage.advance(1_000);
        stage.note("value", gb.getFeatureValue("sticky", "none"));
        await stage.advance(1_000);
        stage.settles("setAttributes", gb.setAttributes({ id: "u2" }));
        await stage.advance(1_000);
        stage.note("documents", gb.getStickyBucketAssignmentDocs());
        stage.settles("refreshFeatures", gb.refreshFeatures({ skipCache: true }));
        await stage.advance(100);
        gb.destroy();
        await stage.advance(1_000);
      },
    }),
  ),
];
