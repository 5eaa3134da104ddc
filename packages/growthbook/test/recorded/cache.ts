import type { Situation, Stage } from "@sortition/dialect-kit/request-recorder";
import {
  clearCache,
  configureCache,
  type GrowthBook,
  type InitOptions,
  type LocalStorageCompat,
  type Options,
  prefetchPayload,
  setPolyfills,
} from "../../src/index.js";
import {
  API_HOST,
  FAILURES,
  FEATURES,
  features,
  instance,
  look,
  multiUser,
  STREAM,
  streamed,
} from "./client.js";

/** Creates an instance, and records the result of its init and its features. */
async function another(
  stage: Stage,
  init: InitOptions = {},
  options: Options = {},
): Promise<GrowthBook> {
  const gb = instance(stage, options);
  stage.settles("init", gb.init(init));
  await stage.advance(100);
  look(stage, gb);
  return gb;
}

/** A `localStorage` whose calls are recorded. */
function storage(stage: Stage, text: string | null, afterMs: number): LocalStorageCompat {
  let kept = text;
  const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, afterMs));
  return {
    async getItem(key) {
      stage.note("getItem", key);
      await later();
      return kept;
    },
    async setItem(key, value) {
      stage.note("setItem", key, value);
      await later();
      kept = value;
    },
  };
}

/** When payloads are served from the cache, and when they are requested again. */
export const CACHE: readonly Situation[] = [
  ...FAILURES.filter(({ name }) => /401|reset/.test(name)).map(
    ({ name, reply }): Situation => ({
      name: `a stale payload that is answered with ${name}`,
      async play(stage) {
        stage.server.on(FEATURES, features("a"), reply, reply, features("b"));
        (await another(stage)).destroy();
        await stage.advance(61_000);
        for (let i = 0; i < 4; i++) {
          (await another(stage)).destroy();
          await stage.advance(1_000);
        }
      },
    }),
  ),
  {
    name: "a stale payload whose request hangs, with several instances",
    async play(stage) {
      stage.server.on(FEATURES, features("a"), "hang", features("b"));
      (await another(stage)).destroy();
      await stage.advance(61_000);
      (await another(stage)).destroy();
      (await another(stage, { skipCache: true, timeout: 50 })).destroy();
      await stage.advance(11_000);
      (await another(stage)).destroy();
      (await another(stage)).destroy();
    },
  },
  {
    name: "a staleTTL of its own, and one of 0",
    async play(stage) {
      stage.server.on(FEATURES, features("a"), features("b"), features("c"));
      (await another(stage, { cacheSettings: { staleTTL: 1_000 } })).destroy();
      await stage.advance(500);
      (await another(stage)).destroy();
      await stage.advance(500);
      (await another(stage)).destroy();
      configureCache({ staleTTL: 0 });
      await stage.advance(2_000);
      (await another(stage)).destroy();
      (await another(stage)).destroy();
      await stage.advance(2_000);
      (await another(stage)).destroy();
    },
  },
  {
    name: "the same version again, and payloads without a version",
    async play(stage) {
      const body = { features: { a: { defaultValue: 1 } } };
      stage.server.on(FEATURES, features("a"), features("a"), { body }, { body });
      const gb = await another(stage);
      for (let i = 0; i < 4; i++) {
        await stage.advance(61_000);
        stage.settles("refreshFeatures", gb.refreshFeatures());
        await stage.advance(10);
        look(stage, gb);
      }
      gb.destroy();
    },
  },
  {
    name: "refreshFeatures: fresh, stale, twice at once, with skipCache, by a client",
    async play(stage) {
      stage.server.on(FEATURES, features("a"), features("b", 200), features("c"));
      const gb = await another(stage);
      stage.settles("fresh", gb.refreshFeatures());
      await stage.advance(61_000);
      stage.settles("stale", gb.refreshFeatures());
      stage.settles("beside it", gb.refreshFeatures());
      stage.settles("shorter", gb.refreshFeatures({ timeout: 100 }));
      await stage.advance(1_000);
      look(stage, gb);
      stage.settles("skipCache", gb.refreshFeatures({ skipCache: true }));
      await stage.advance(1_000);
      look(stage, gb);
      const client = multiUser(stage);
      stage.settles("by a client", client.refreshFeatures());
      await stage.advance(1_000);
      look(stage, client);
      gb.destroy();
      client.destroy();
    },
  },
  {
    name: "refreshFeatures that fails by class",
    async play(stage) {
      stage.server.on(FEATURES, features("a"), ...FAILURES.map(({ reply }) => reply));
      const gb = await another(stage);
      for (let i = 0; i < FAILURES.length; i++) {
        stage.settles("refreshFeatures", gb.refreshFeatures({ skipCache: true }));
        await stage.advance(1_000);
      }
      look(stage, gb);
      gb.destroy();
    },
  },
  {
    name: "destroy during a request, whose answer fills the cache",
    async play(stage) {
      stage.server.on(FEATURES, features("a", 500));
      const gb = instance(stage);
      stage.settles("init", gb.init());
      stage.settles("init with a timeout", gb.init({ timeout: 5_000 }));
      await stage.advance(100);
      gb.destroy();
      await stage.advance(1_000);
      look(stage, gb);
      (await another(stage)).destroy();
    },
  },
  {
    name: "destroy during a request that fails, and of a refresh",
    async play(stage) {
      stage.server.on(FEATURES, { status: 500, afterMs: 500 }, features("a", 500));
      const gb = instance(stage);
      stage.settles("init", gb.init());
      await stage.advance(100);
      gb.destroy();
      await stage.advance(1_000);
      const other = instance(stage);
      stage.settles("refreshFeatures", other.refreshFeatures());
      await stage.advance(100);
      other.destroy();
      await stage.advance(1_000);
      look(stage, other);
    },
  },
  {
    name: "destroyAllStreams during requests that somebody waits for, and that nobody does",
    async play(stage) {
      stage.server.on(FEATURES, features("a", 1_000));
      const first = instance(stage);
      const second = instance(stage);
      stage.settles("first init", first.init());
      stage.settles("second init", second.init());
      await stage.advance(100);
      first.destroy({ destroyAllStreams: true });
      await stage.advance(100);
      second.destroy({ destroyAllStreams: true });
      await stage.advance(2_000);
      (await another(stage)).destroy();
    },
  },
  {
    name: "clearCache during a request that is waited for",
    async play(stage) {
      stage.server.on(FEATURES, features("a", 1_000), features("b", 1_000));
      const first = instance(stage);
      stage.settles("first init", first.init());
      await stage.advance(100);
      stage.settles("clearCache", clearCache());
      const second = instance(stage);
      stage.settles("second init", second.init());
      await stage.advance(2_000);
      look(stage, first);
      look(stage, second);
      first.destroy();
      second.destroy();
      stage.settles("clearCache", clearCache());
      await stage.advance(1_000);
      const third = instance(stage);
      stage.settles("third init", third.init());
      await stage.advance(2_000);
      third.destroy();
    },
  },
  {
    name: "clearCache during a request that nobody waits for",
    async play(stage) {
      stage.server.on(FEATURES, features("a", 1_000));
      const gb = instance(stage);
      stage.settles("init", gb.init({ timeout: 200 }));
      await stage.advance(300);
      gb.destroy();
      stage.settles("clearCache", clearCache());
      await stage.advance(2_000);
    },
  },
  {
    name: "more keys than the cache has room for",
    async play(stage) {
      stage.server.on("/api/features/*", features("a"));
      configureCache({ maxEntries: 2 });
      for (const clientKey of ["one", "two", "three", "two", "three", "one"]) {
        (await another(stage, {}, { clientKey })).destroy();
      }
    },
  },
  {
    name: "a localStorage that is slow, and has a payload",
    async play(stage) {
      stage.server.on(FEATURES, streamed("b"));
      const data = { dateUpdated: "kept", features: { kept: { defaultValue: true } } };
      const entry = { data, sse: false, version: "kept", staleAt: "2026-01-01T00:00:20.000Z" };
      const text = JSON.stringify([[`${API_HOST}||key`, entry]]);
      setPolyfills({ localStorage: storage(stage, text, 50) });
      (await another(stage)).destroy();
      await stage.advance(30_000);
      (await another(stage)).destroy();
      (await another(stage)).destroy();
      stage.settles("clearCache", clearCache());
      await stage.advance(1_000);
      (await another(stage)).destroy();
    },
  },
  {
    name: "a localStorage that is broken",
    async play(stage) {
      stage.server.on(FEATURES, features("a"));
      setPolyfills({
        localStorage: {
          getItem: () => "<html>",
          setItem: () => Promise.reject(new Error("full")),
        },
      });
      (await another(stage)).destroy();
      (await another(stage)).destroy();
    },
  },
  {
    name: "prefetchPayload, and one that keeps the cache fresh",
    async play(stage) {
      stage.server.on(FEATURES, streamed("a", 200), streamed("b"));
      stage.server.on(STREAM, "stream");
      const options = { apiHost: API_HOST, clientKey: "key" };
      stage.settles("prefetchPayload", prefetchPayload(options));
      await stage.advance(1_000);
      (await another(stage)).destroy();
      stage.settles("prefetchPayload", prefetchPayload({ ...options, streaming: true }));
      await stage.advance(1_000);
      for (const stream of stage.server.streams) stream.send("", "features-updated");
      await stage.advance(1_000);
      (await another(stage)).destroy();
      stage.settles("clearCache", clearCache());
      await stage.advance(10_000);
    },
  },
];
