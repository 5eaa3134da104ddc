import type { ScriptedReply, Situation } from "@sortition/dialect-kit/request-recorder";
import { getInstance } from "../../src/index.js";
import { BANDITS, CONFIG, end, flags, flagsWithModel, look, start } from "./client.js";

const FAILURES: readonly { readonly name: string; readonly reply: ScriptedReply }[] = [
  { name: "503 with Retry-After", reply: { status: 503, headers: { "retry-after": "3" } } },
  { name: "no answer", reply: "hang" },
];

/** How `init` fetches, and the effect of its options. */
export const STARTS: readonly Situation[] = [
  {
    name: "init, polls, one change, stopPolling",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"), 304, flags("b"), 304);
      const client = start(stage);
      await stage.advance(100_000);
      look(stage, client);
      await end(stage, client);
    },
  },
  ...FAILURES.map(
    ({ name, reply }): Situation => ({
      name: `init rejects after two attempts: ${name}`,
      async play(stage) {
        stage.server.on(CONFIG, reply, reply, flags("a"));
        const client = start(stage);
        await stage.advance(200_000);
        look(stage, client);
        await end(stage, client);
      },
    }),
  ),
  {
    name: "a slow server, with a deadline of its own",
    async play(stage) {
      stage.server.on(CONFIG, { ...(flags("a") as object), afterMs: 900 }, "hang", flags("b"));
      const client = start(stage, { requestTimeoutMs: 1_000, pollingIntervalMs: 10_000 });
      await stage.advance(40_000);
      look(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "bandits that fail at the start, and later",
    async play(stage) {
      stage.server.on(CONFIG, flagsWithModel("v1", "a"), 304, 304, flagsWithModel("v2", "b"), 304);
      stage.server.on(BANDITS, 503, { body: { bandits: {} } }, 500, { body: { bandits: {} } });
      const client = start(stage);
      await stage.advance(200_000);
      look(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "stopPolling during init, and during the pause of its attempts",
    async play(stage) {
      stage.server.on(CONFIG, 500, "hang");
      const first = start(stage);
      await stage.advance(1_000);
      first.stopPolling();
      await stage.advance(60_000);
      const second = start(stage);
      await stage.advance(1_000);
      second.stopPolling();
      await stage.advance(60_000);
    },
  },
  {
    name: "init again: the former client stays until the next one has flags",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"), 500, 500, 304, flags("b"), 304);
      const first = start(stage);
      await stage.advance(10_000);
      start(stage, { pollAfterFailedInitialization: true });
      await stage.advance(20_000);
      stage.note("is the instance", getInstance() === first);
      await stage.advance(60_000);
      stage.note("is the instance", getInstance() === first);
      look(stage, getInstance());
      await end(stage, getInstance());
    },
  },
];
