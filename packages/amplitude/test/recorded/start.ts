import type { ScriptedReply, Situation } from "@sortition/dialect-kit/request-recorder";
import { amplitudeOrigin } from "../../src/source.js";
import { FLAGS, flags, localClient } from "./client.js";

const FAILURES: readonly { readonly name: string; readonly reply: ScriptedReply }[] = [
  { name: "401", reply: 401 },
  { name: "503 with Retry-After", reply: { status: 503, headers: { "retry-after": "45" } } },
  { name: "a reset", reply: "reset" },
  { name: "JSON that is no list", reply: { body: { flags: [] } } },
];

/** Fetching flags at the start and afterwards. */
export const START: readonly Situation[] = [
  {
    name: "start, and three intervals with one change",
    async play(stage) {
      stage.server.on(FLAGS, flags("a"), flags("a"), flags("b"));
      const client = localClient(stage);
      stage.settles("start", client.start());
      await stage.advance(95_000);
      stage.note("flags", Object.keys(client.evaluateV2({ user_id: "alice" })));
      client.stop();
    },
  },
  ...FAILURES.map(
    ({ name, reply }): Situation => ({
      name: `start: ${name} at each try, flags at the next interval`,
      async play(stage) {
        stage.server.on(FLAGS, reply, reply, reply, reply, reply, flags("a"));
        const client = localClient(stage);
        stage.settles("start", client.start());
        await stage.advance(65_000);
        client.stop();
      },
    }),
  ),
  {
    name: "start: flags at the third try",
    async play(stage) {
      stage.server.on(FLAGS, 500, "reset", flags("a"));
      const client = localClient(stage);
      stage.settles("start", client.start());
      await stage.advance(31_000);
      client.stop();
    },
  },
  {
    name: "start: no answer, flags after its deadline",
    async play(stage) {
      stage.server.on(FLAGS, "hang", "hang", flags("a"));
      const client = localClient(stage, { startTimeoutMillis: 2_000 });
      stage.settles("start", client.start());
      await stage.advance(60_000);
      stage.note("flags", Object.keys(client.evaluateV2({ user_id: "alice" })));
      client.stop();
    },
  },
  {
    name: "start three times: beside each other, and when there are flags",
    async play(stage) {
      stage.server.on(FLAGS, { ...(flags("a") as object), afterMs: 300 });
      const client = localClient(stage);
      stage.settles("first start", client.start());
      stage.settles("second start", client.start());
      await stage.advance(1_000);
      stage.settles("third start", client.start());
      await stage.advance(31_000);
      client.stop();
    },
  },
  {
    name: "start during a poll that fails, after a start that failed",
    async play(stage) {
      const late500 = { status: 500, afterMs: 200 };
      stage.server.on(FLAGS, 500, 500, 500, 500, 500, late500, 500, flags("a"));
      const client = localClient(stage);
      stage.settles("first start", client.start());
      await stage.advance(30_110);
      stage.settles("second start", client.start());
      await stage.advance(40_000);
      client.stop();
    },
  },
  {
    name: "polls that fail by class, with an etag that stays",
    async play(stage) {
      const withEtag = { ...(flags("a") as object), headers: { etag: '"1"' } };
      stage.server.on(FLAGS, withEtag, 304, 401, 429, 500, "reset", "cut", { body: "[" }, 304);
      const client = localClient(stage);
      stage.settles("start", client.start());
      await stage.advance(250_000);
      client.stop();
    },
  },
  {
    name: "stop during a start, and another start",
    async play(stage) {
      stage.server.on(FLAGS, "hang", flags("a"));
      const client = localClient(stage);
      stage.settles("first start", client.start());
      await stage.advance(100);
      client.stop();
      await stage.advance(1_000);
      stage.settles("second start", client.start());
      await stage.advance(31_000);
      client.stop();
    },
  },
  {
    name: "stop, nothing for ten minutes, start",
    async play(stage) {
      stage.server.on(FLAGS, flags("a"));
      const client = localClient(stage);
      stage.settles("first start", client.start());
      await stage.advance(40_000);
      client.stop();
      client.stop();
      await stage.advance(600_000);
      stage.settles("second start", client.start());
      await stage.advance(40_000);
      client.stop();
    },
  },
  {
    name: "stop during a poll",
    async play(stage) {
      stage.server.on(FLAGS, flags("a"), "hang");
      const client = localClient(stage);
      stage.settles("start", client.start());
      await stage.advance(31_000);
      client.stop();
    },
  },
  {
    name: "a store of the caller's that has flags when the server fails",
    async play(stage) {
      stage.server.on(FLAGS, 500, 500, 500, 500, 500, flags("a"));
      const store = {
        get: async () => undefined,
        getAll: async () => ({}),
        put: async () => undefined,
        putAll: async (all: object) => stage.note("store", Object.keys(all)),
        delete: async () => undefined,
        clear: async () => undefined,
      };
      const client = localClient(stage, {}, { flagConfigCache: store as never });
      stage.settles("start", client.start());
      await stage.advance(31_000);
      client.stop();
    },
  },
  {
    name: "requests by a client of the caller's, which fails twice",
    async play(stage) {
      let requests = 0;
      const httpClient = {
        async request(...asked: unknown[]) {
          stage.note("httpClient", JSON.stringify(asked));
          requests += 1;
          if (requests < 3) throw new Error("no network");
          return { status: 200, body: "[]" };
        },
      };
      const client = localClient(stage, {}, { httpClient });
      stage.settles("start", client.start());
      await stage.advance(31_000);
      client.stop();
    },
  },
  {
    name: "flags of a source: start, failures by class, a change, restart",
    async play(stage) {
      const source = amplitudeOrigin({ deploymentKey: "key", serverUrl: "http://flags.test" });
      stage.server.on(FLAGS, flags("a"), 500, 500, 500, 429, flags("b"));
      const client = localClient(stage, {
        serverUrl: undefined,
        streamServerUrl: undefined,
        source,
      });
      stage.settles("first start", client.start());
      await stage.advance(300_000);
      client.stop();
      await stage.advance(10_000);
      stage.settles("second start", client.start());
      await stage.advance(35_000);
      client.stop();
    },
  },
];
