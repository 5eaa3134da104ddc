import type { ConfigurationOrigin, ConfigurationSource } from "@sortition/core/internal";
import type { ScriptedReply, Situation, Stage } from "@sortition/dialect-kit/request-recorder";
import { httpOrigin, pollingSource } from "@sortition/node/internal";
import { growthbook } from "../../src/dialect.js";
import type { GrowthBook, InitOptions } from "../../src/index.js";
import {
  API_HOST,
  FAILURES,
  FEATURES,
  features,
  instance,
  look,
  multiUser,
  payload,
} from "./client.js";

const FROM_SOURCE = { apiHost: undefined, clientKey: undefined };

function origin(): ConfigurationOrigin {
  return httpOrigin({ apiKey: "key", baseUrl: API_HOST, dialect: growthbook() });
}

/** Creates an instance that follows a source with these replies. */
async function following(
  stage: Stage,
  replies: readonly ScriptedReply[],
  init: InitOptions = {},
  source: ConfigurationSource | ConfigurationOrigin = origin(),
): Promise<GrowthBook> {
  stage.server.on(FEATURES, ...replies);
  const gb = instance(stage, { ...FROM_SOURCE, source });
  stage.settles("init", gb.init(init));
  await stage.advance(0);
  return gb;
}

/** How instances follow a source instead of GrowthBook's API. */
export const SOURCES: readonly Situation[] = [
  {
    name: "an origin: init, polls with a change, refreshFeatures",
    async play(stage) {
      const tagged = { body: payload("a"), headers: { etag: '"a"' } };
      const gb = await following(stage, [tagged, 304, features("b")]);
      look(stage, gb);
      await stage.advance(70_000);
      look(stage, gb);
      stage.settles("refreshFeatures", gb.refreshFeatures());
      await stage.advance(100_000);
      gb.destroy();
    },
  },
  ...FAILURES.filter(({ name }) => /401|503|reset|HTML|no object/.test(name)).map(
    ({ name, reply }): Situation => ({
      name: `a source: ${name} at init and later`,
      async play(stage) {
        const source = pollingSource(origin(), { pollIntervalMs: 10_000 });
        const gb = await following(stage, [reply, features("a"), reply, features("b")], {}, source);
        await stage.advance(40_000);
        look(stage, gb);
        stage.settles("second init", gb.init());
        await stage.advance(0);
        gb.destroy();
      },
    }),
  ),
  {
    name: "two inits at once, of which one waits longer",
    async play(stage) {
      const gb = await following(stage, [features("a", 1_000)], { timeout: 500 });
      stage.settles("second init", gb.init({ timeout: 5_000 }));
      await stage.advance(1_000);
      gb.destroy();
    },
  },
  {
    name: "no answer within the timeout of init",
    async play(stage) {
      const gb = await following(stage, ["hang", features("a")], { timeout: 500 });
      await stage.advance(1_000);
      stage.settles("second init", gb.init({ timeout: 500 }));
      await stage.advance(60_000);
      look(stage, gb);
      stage.settles("third init", gb.init({ timeout: 500 }));
      await stage.advance(1_000);
      gb.destroy();
    },
  },
  {
    name: "refused connections",
    async play(stage) {
      stage.server.connections("refused");
      const gb = await following(stage, [features("a")]);
      await stage.advance(10_000);
      stage.server.connections("accepted");
      await stage.advance(60_000);
      look(stage, gb);
      gb.destroy();
    },
  },
  {
    name: "two instances and a client that share a source, and end one after the other",
    async play(stage) {
      const source = pollingSource(origin(), { pollIntervalMs: 10_000 });
      const first = await following(stage, [features("a", 100), features("b")], {}, source);
      const second = instance(stage, { ...FROM_SOURCE, source });
      stage.settles("second init", second.init());
      await stage.advance(1_000);
      const client = multiUser(stage, { ...FROM_SOURCE, source });
      stage.settles("client init", client.init());
      await stage.advance(20_000);
      for (const it of [first, second, client]) look(stage, it);
      first.destroy();
      await stage.advance(20_000);
      second.destroy();
      client.destroy();
      await stage.advance(60_000);
      const third = instance(stage, { ...FROM_SOURCE, source });
      stage.settles("third init", third.init());
      await stage.advance(11_000);
      third.destroy();
    },
  },
  {
    name: "destroy during the first request, and during refreshFeatures",
    async play(stage) {
      const first = await following(stage, [features("a", 500)]);
      await stage.advance(100);
      first.destroy();
      await stage.advance(1_000);
      look(stage, first);
      const second = instance(stage, { ...FROM_SOURCE, source: origin() });
      stage.settles("refreshFeatures", second.refreshFeatures());
      await stage.advance(100);
      second.destroy();
      await stage.advance(1_000);
      stage.settles("init of a destroyed one", second.init({ timeout: 100 }));
      await stage.advance(1_000);
    },
  },
  {
    name: "streaming and pollingInterval of init, which a source does not need",
    async play(stage) {
      const gb = await following(stage, [features("a")], {
        streaming: true,
        pollingInterval: 1_000,
      });
      await stage.advance(20_000);
      gb.destroy();
    },
  },
];
