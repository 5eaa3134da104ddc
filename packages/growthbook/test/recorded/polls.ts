import type { ScriptedReply, Situation, Stage } from "@sortition/dialect-kit/request-recorder";
import {
  clearCache,
  configureCache,
  type GrowthBook,
  helpers,
  type InitOptions,
} from "../../src/index.js";
import { FAILURES, FEATURES, features, instance, look, multiUser, payload } from "./client.js";

/** Creates an instance that polls a server with these replies. */
async function polling(
  stage: Stage,
  replies: readonly ScriptedReply[],
  init: InitOptions = { pollingInterval: 10_000 },
): Promise<GrowthBook> {
  stage.server.on(FEATURES, ...replies);
  const gb = instance(stage);
  stage.settles("init", gb.init(init));
  await stage.advance(0);
  return gb;
}

/** How instances poll without a stream. */
export const POLLS: readonly Situation[] = [
  {
    name: "four polls with a change and without",
    async play(stage) {
      const gb = await polling(stage, [features("a"), features("a"), features("b")]);
      look(stage, gb);
      await stage.advance(45_000);
      look(stage, gb);
      gb.destroy();
    },
  },
  ...FAILURES.map(
    ({ name, polledMs, reply }): Situation => ({
      name: `polls: ${name} three times in a row, then features`,
      async play(stage) {
        const gb = await polling(stage, [features("a"), reply, reply, reply, features("b")]);
        await stage.advance(polledMs);
        look(stage, gb);
        gb.destroy();
      },
    }),
  ),
  {
    name: "intervals that are none",
    async play(stage) {
      const gb = await polling(stage, [features("a")], { pollingInterval: 0 });
      for (const pollingInterval of [-1, Number.NaN, 2 ** 31, "10" as never]) {
        stage.settles("init", gb.init({ pollingInterval }));
        await stage.advance(1_000);
      }
      await stage.advance(600_000);
      gb.destroy();
    },
  },
  {
    name: "polls of an instance whose first payload is cached, or given",
    async play(stage) {
      (await polling(stage, [features("a"), features("b")], {})).destroy();
      const gb = instance(stage);
      stage.settles("init", gb.init({ pollingInterval: 10_000 }));
      await stage.advance(25_000);
      look(stage, gb);
      gb.destroy();
      const given = instance(stage);
      given.initSync({ payload: payload("given"), pollingInterval: 10_000 });
      await stage.advance(25_000);
      look(stage, given);
      given.destroy();
    },
  },
  {
    name: "refreshFeatures between polls, and during one",
    async play(stage) {
      const gb = await polling(stage, [features("a"), features("b"), features("c", 1_000)]);
      await stage.advance(5_000);
      stage.settles("between", gb.refreshFeatures({ skipCache: true }));
      await stage.advance(5_900);
      stage.settles("during", gb.refreshFeatures({ skipCache: true }));
      await stage.advance(30_000);
      look(stage, gb);
      gb.destroy();
    },
  },
  {
    name: "init twice, with two intervals",
    async play(stage) {
      const gb = await polling(stage, [features("a")]);
      await stage.advance(4_000);
      stage.settles("second init", gb.init({ pollingInterval: 3_000 }));
      await stage.advance(26_000);
      gb.destroy();
    },
  },
  {
    name: "two instances with two intervals, which end one after the other",
    async play(stage) {
      const first = await polling(stage, [features("a"), features("b")]);
      const second = multiUser(stage);
      stage.settles("second init", second.init({ pollingInterval: 25_000 }));
      await stage.advance(15_000);
      look(stage, first);
      look(stage, second);
      first.destroy();
      await stage.advance(40_000);
      second.destroy();
      await stage.advance(60_000);
      const third = instance(stage);
      stage.settles("third init", third.init({ pollingInterval: 25_000 }));
      await stage.advance(40_000);
      third.destroy();
    },
  },
  {
    name: "destroy during a poll",
    async play(stage) {
      const gb = await polling(stage, [features("a"), features("b", 1_000)]);
      await stage.advance(10_100);
      gb.destroy();
      await stage.advance(10_000);
      look(stage, gb);
    },
  },
  {
    name: "backgroundSync off during polls, and on again",
    async play(stage) {
      const gb = await polling(stage, [features("a")]);
      await stage.advance(12_000);
      configureCache({ backgroundSync: false });
      await stage.advance(30_000);
      stage.settles("second init", gb.init({ pollingInterval: 10_000 }));
      await stage.advance(30_000);
      configureCache({ backgroundSync: true });
      stage.settles("third init", gb.init({ pollingInterval: 10_000 }));
      await stage.advance(15_000);
      gb.destroy();
    },
  },
  {
    name: "clearCache during polls",
    async play(stage) {
      const gb = await polling(stage, [features("a"), features("b")]);
      await stage.advance(12_000);
      stage.settles("clearCache", clearCache());
      await stage.advance(30_000);
      stage.settles("refreshFeatures", gb.refreshFeatures());
      await stage.advance(30_000);
      look(stage, gb);
      gb.destroy();
    },
  },
  {
    name: "polls by a helper of the user's, which rejects and throws",
    async play(stage) {
      let calls = 0;
      instance(stage).destroy();
      helpers.fetchFeaturesCall = () => {
        calls += 1;
        stage.note("fetchFeaturesCall", calls);
        if (calls === 2) throw new Error("thrown");
        if (calls === 3) return Promise.reject("a string");
        if (calls === 4) return Promise.resolve({} as Response);
        return Promise.resolve(Response.json(payload(`v${calls}`)));
      };
      const gb = await polling(stage, []);
      await stage.advance(120_000);
      look(stage, gb);
      gb.destroy();
    },
  },
];
