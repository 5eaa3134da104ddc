import type { Situation } from "@sortition/dialect-kit/request-recorder";
import { helpers, setPolyfills } from "../../src/index.js";
import { DECRYPTION_KEY, encrypted } from "../encryption.js";
import { FAILURES, FEATURES, features, instance, look, multiUser, payload } from "./client.js";

/** How the first payload is requested. */
export const INIT: readonly Situation[] = [
  {
    name: "init: features",
    async play(stage) {
      stage.server.on(FEATURES, features("a"));
      const gb = instance(stage);
      stage.settles("init", gb.init());
      await stage.advance(0);
      stage.note("is on", gb.isOn("a"), gb.isOn("b"));
      await stage.advance(300_000);
      gb.destroy();
    },
  },
  ...FAILURES.map(
    ({ name, reply }): Situation => ({
      name: `init: ${name}, features at the next init`,
      async play(stage) {
        stage.server.on(FEATURES, reply, features("a"));
        const gb = instance(stage);
        stage.settles("first init", gb.init({ timeout: 1_000 }));
        await stage.advance(1_000);
        look(stage, gb);
        stage.settles("second init", gb.init({ timeout: 1_000 }));
        await stage.advance(120_000);
        look(stage, gb);
        gb.destroy();
      },
    }),
  ),
  {
    name: "init: no answer, up to the deadline of a request",
    async play(stage) {
      stage.server.on(FEATURES, "hang", features("a"));
      const gb = instance(stage);
      stage.settles("first init", gb.init());
      await stage.advance(10_500);
      stage.settles("second init", gb.init());
      await stage.advance(1_000);
      gb.destroy();
    },
  },
  {
    name: "init: an answer after its timeout, which the next init finds in the cache",
    async play(stage) {
      stage.server.on(FEATURES, features("a", 2_000));
      const gb = instance(stage);
      stage.settles("first init", gb.init({ timeout: 500 }));
      await stage.advance(1_000);
      look(stage, gb);
      stage.settles("second init", gb.init({ timeout: 500 }));
      await stage.advance(1_000);
      look(stage, gb);
      stage.settles("third init", gb.init({ timeout: 500 }));
      await stage.advance(1_000);
      look(stage, gb);
      gb.destroy();
    },
  },
  {
    name: "init twice beside each other, with different timeouts",
    async play(stage) {
      stage.server.on(FEATURES, features("a", 800));
      const gb = instance(stage);
      stage.settles("first init", gb.init({ timeout: 300 }));
      stage.settles("second init", gb.init());
      await stage.advance(1_000);
      look(stage, gb);
      gb.destroy();
    },
  },
  {
    name: "loadFeatures and init of a client for many users",
    async play(stage) {
      stage.server.on(FEATURES, features("a", 100));
      const gb = instance(stage);
      const client = multiUser(stage);
      stage.settles("loadFeatures", gb.loadFeatures({ timeout: 1_000 }));
      stage.settles("client init", client.init({ timeout: 1_000 }));
      await stage.advance(1_000);
      look(stage, gb);
      look(stage, client);
      gb.destroy();
      client.destroy();
    },
  },
  {
    name: "hosts with slashes and paths, and headers for them",
    async play(stage) {
      stage.server.on("/proxy/api/features/sdk-long-client-key", 500, features("a"));
      const gb = instance(stage, {
        apiHost: "https://gb.test/proxy//",
        clientKey: "sdk-long-client-key",
        apiHostRequestHeaders: { "X-Tenant": "a" },
      });
      stage.settles("first init", gb.init());
      await stage.advance(1_000);
      stage.settles("second init", gb.init());
      await stage.advance(1_000);
      gb.destroy();
    },
  },
  {
    name: "encrypted payloads, with the key, with another one and without one",
    async play(stage) {
      const encryptedFeatures = await encrypted(payload("a").features);
      stage.server.on(FEATURES, { body: { dateUpdated: "1", features: {}, encryptedFeatures } });
      for (const decryptionKey of [DECRYPTION_KEY, "AAAAAAAAAAAAAAAAAAAAAA==", undefined]) {
        const gb = instance(stage, { decryptionKey });
        stage.settles("init", gb.init());
        await stage.advance(10);
        look(stage, gb);
        gb.destroy();
      }
    },
  },
  {
    name: "a fetch of the user's, which fails and never answers",
    async play(stage) {
      const answers = [
        () => Promise.reject(new Error("no network")),
        () => new Promise<never>(() => {}),
        () => Promise.resolve(Response.json(payload("a"))),
      ];
      const fetch = (url: string, { method }: RequestInit): Promise<Response> => {
        stage.note("fetch", method ?? "GET", url);
        return answers.shift()?.() ?? Promise.reject(new Error("too often"));
      };
      setPolyfills({ fetch });
      const gb = instance(stage);
      for (let i = 0; i < 3; i++) {
        stage.settles("init", gb.init());
        await stage.advance(11_000);
      }
      look(stage, gb);
      gb.destroy();
    },
  },
  {
    name: "a helper of the user's that ignores the deadline",
    async play(stage) {
      const gb = instance(stage);
      helpers.fetchFeaturesCall = async ({ clientKey, host }) => {
        stage.note("fetchFeaturesCall", host, clientKey);
        await new Promise((resolve) => setTimeout(resolve, 12_000));
        return Response.json(payload("a"));
      };
      stage.settles("init", gb.init({ timeout: 1_000 }));
      await stage.advance(20_000);
      look(stage, gb);
      stage.settles("refreshFeatures", gb.refreshFeatures());
      await stage.advance(20_000);
      look(stage, gb);
      gb.destroy();
    },
  },
];
