import type { ScriptedReply, Situation } from "@sortition/dialect-kit/request-recorder";
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
    name: "stop during a poll",
    async play(stage) {
      stage.server.on(FLAGS, flags("a"), "hang");
      const client = localClient(stage);
      stage.settles("start", client.start());
      await stage.advance(31_000);
      client.stop();
    },
  },
];
