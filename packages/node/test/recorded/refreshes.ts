import type { Situation } from "@sortition/dialect-kit/request-recorder";
import { httpOrigin, pollingSource } from "../../src/index.js";
import { CONFIG, clientOf, flags, look } from "./client.js";

function sharedSource() {
  const origin = httpOrigin({ apiKey: "key", baseUrl: "http://eppo.test" });
  return pollingSource(origin, { pollIntervalMs: 30_000, pollJitterMs: 0 });
}

const late = (reply: object, afterMs = 1_000) => ({ ...reply, afterMs });

/** Refreshes by callers, and sources shared by clients. */
export const REFRESHES: readonly Situation[] = [
  {
    name: "refreshes alone: no interval",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"), 304, flags("b"), 500, 401, flags("c"));
      const client = clientOf(stage, { pollIntervalMs: null });
      await stage.advance(300_000);
      for (let i = 0; i < 5; i++) {
        stage.settles(`refresh ${i}`, client.refresh());
        await stage.advance(60_000);
      }
      look(stage, client);
      await client.close();
    },
  },
  {
    name: "a refresh between polls, which are paced from it",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"), 304);
      const client = clientOf(stage);
      await stage.advance(30_000);
      stage.settles("refresh", client.refresh());
      await stage.advance(60_000);
      await client.close();
    },
  },
  {
    name: "refreshes beside each other, during a poll",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"), late({ status: 304 }), flags("b"), 304);
      const client = clientOf(stage);
      await stage.advance(16_900);
      stage.settles("first refresh", client.refresh());
      stage.settles("second refresh", client.refresh());
      await stage.advance(3_000);
      stage.settles("third refresh", client.refresh());
      stage.settles("fourth refresh", client.refresh());
      await stage.advance(3_000);
      await client.close();
    },
  },
  {
    name: "a refresh during the first request, which fails",
    async play(stage) {
      stage.server.on(CONFIG, late({ status: 500 }), flags("a"));
      const client = clientOf(stage);
      await stage.advance(500);
      stage.settles("refresh", client.refresh());
      await stage.advance(10_000);
      await client.close();
    },
  },
  {
    name: "a refresh that takes longer than it may, and one that the back-off does not delay",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"), late({ status: 304 }, 3_000), 500, 304);
      const client = clientOf(stage, { pollIntervalMs: 600_000 });
      await stage.advance(100_000);
      stage.settles("short refresh", client.refresh({ timeoutMs: 500 }));
      await stage.advance(10_000);
      stage.settles("failed refresh", client.refresh());
      await stage.advance(1_000);
      stage.settles("refresh", client.refresh());
      await stage.advance(700_000);
      await client.close();
    },
  },
  {
    name: "a refresh during close, and after it",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"), "hang");
      const client = clientOf(stage, { pollIntervalMs: 600_000 });
      await stage.advance(1_000);
      stage.settles("refresh", client.refresh());
      await stage.advance(100);
      stage.settles("close", client.close());
      stage.settles("late refresh", client.refresh());
      await stage.advance(1_000);
    },
  },
  {
    name: "a source of three clients, which come and go",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"), flags("b"), 304, 500, flags("c"));
      const source = sharedSource();
      const first = clientOf(stage, { source });
      await stage.advance(10_000);
      const second = clientOf(stage, { source });
      await stage.advance(20_000);
      look(stage, second);
      await first.close();
      await stage.advance(60_000);
      const third = clientOf(stage, { source });
      stage.settles("refresh", third.refresh());
      await stage.advance(40_000);
      await second.close();
      await stage.advance(31_000);
      look(stage, third);
      await third.close();
      await stage.advance(60_000);
    },
  },
  {
    name: "a source that is used again after its last client",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"), 500, 500, flags("b"));
      const source = sharedSource();
      const first = clientOf(stage, { source });
      await stage.advance(31_000);
      await first.close();
      await stage.advance(100_000);
      const second = clientOf(stage, { source });
      await stage.advance(100_000);
      look(stage, second);
      await second.close();
    },
  },
  {
    name: "a client of a shared source that sets a configuration of its own",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"), flags("b"), 304);
      const source = sharedSource();
      const first = clientOf(stage, { source });
      const second = clientOf(stage, { source });
      await stage.advance(31_000);
      const configuration = first.getConfiguration();
      await stage.advance(1_000);
      if (configuration !== null) second.setConfiguration(configuration);
      stage.server.on(CONFIG, flags("c"), 304);
      await stage.advance(60_000);
      look(stage, first);
      look(stage, second);
      await first.close();
      await second.close();
    },
  },
  {
    name: "an initial configuration, and a server that fails at first",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"), 500, flags("b"));
      const first = clientOf(stage);
      await stage.advance(1_000);
      const initialConfiguration = first.getConfiguration() ?? undefined;
      await first.close();
      const second = clientOf(stage, { initialConfiguration });
      look(stage, second);
      await stage.advance(40_000);
      look(stage, second);
      await second.close();
    },
  },
];
