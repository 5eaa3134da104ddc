import type { Situation } from "@sortition/dialect-kit/request-recorder";
import { CONFIG, clientOf, flags, look } from "./client.js";
import { FAILURES } from "./failures.js";

/** How a client starts, polls, fails, backs off, recovers and ends. */
export const POLLS: readonly Situation[] = [
  {
    name: "start, polls with an etag, one change, close",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"), 304, flags("b"), 304);
      const client = clientOf(stage);
      await stage.advance(110_000);
      look(stage, client);
      stage.settles("close", client.close());
      await stage.advance(60_000);
      look(stage, client);
    },
  },
  ...FAILURES.map(
    ({ name, reply }): Situation => ({
      name: `${name} at the start, four times`,
      async play(stage) {
        stage.server.on(CONFIG, reply, reply, reply, reply, flags("a"));
        const client = clientOf(stage);
        for (let i = 0; i < 40 && !client.isInitialized(); i++) await stage.advance(10_000);
        await stage.advance(20_000);
        look(stage, client);
        await client.close();
      },
    }),
  ),
  ...FAILURES.filter(({ name }) => !/204|304/.test(name)).map(
    ({ name, reply }): Situation => ({
      name: `${name} once there are flags, three times`,
      async play(stage) {
        stage.server.on(CONFIG, flags("a"), reply, reply, reply, flags("b"));
        const client = clientOf(stage);
        await stage.advance(60_000);
        look(stage, client);
        for (let i = 0; i < 60 && client.status.consecutiveFailures > 0; i++) {
          await stage.advance(10_000);
        }
        await stage.advance(20_000);
        look(stage, client);
        await client.close();
      },
    }),
  ),
  {
    name: "refused connections, then a hanging server, then flags",
    async play(stage) {
      stage.server.on(CONFIG, "hang", "hang", flags("a"), "hang", flags("b"));
      stage.server.connections("refused");
      const client = clientOf(stage);
      await stage.advance(5_000);
      stage.server.connections("accepted");
      await stage.advance(120_000);
      look(stage, client);
      await client.close();
    },
  },
  {
    name: "connections without an answer, with a deadline of its own",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"));
      stage.server.connections("unanswered");
      const client = clientOf(stage, { requestTimeoutMs: 1_500 });
      await stage.advance(10_000);
      stage.server.connections("accepted");
      await stage.advance(30_000);
      look(stage, client);
      await client.close();
    },
  },
  {
    name: "an outage of a quarter of an hour from the start",
    async play(stage) {
      stage.server.on(CONFIG, 500);
      const client = clientOf(stage);
      await stage.advance(900_000);
      stage.server.on(CONFIG, flags("a"));
      await stage.advance(100_000);
      look(stage, client);
      await client.close();
    },
  },
  {
    name: "an outage of ten minutes, with flags that become stale",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"));
      const client = clientOf(stage, { staleAfterMs: 100_000 });
      await stage.advance(20_000);
      stage.server.on(CONFIG, 503);
      await stage.advance(600_000);
      look(stage, client);
      stage.server.on(CONFIG, flags("a"));
      await stage.advance(100_000);
      look(stage, client);
      await client.close();
    },
  },
  {
    name: "a key that is refused for a quarter of an hour once it worked",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"), 401);
      const client = clientOf(stage);
      await stage.advance(900_000);
      stage.server.on(CONFIG, 304);
      await stage.advance(400_000);
      look(stage, client);
      await client.close();
    },
  },
  {
    name: "a long and a short Retry-After",
    async play(stage) {
      const after = (seconds: number) => ({
        status: 429,
        headers: { "retry-after": String(seconds) },
      });
      stage.server.on(CONFIG, flags("a"), after(7_200), after(1), after(90), flags("b"));
      const client = clientOf(stage);
      await stage.advance(1_200_000);
      await client.close();
    },
  },
  ...[0, 0.999, 2, Number.NaN].map(
    (u): Situation => ({
      name: `jitter for a random number of ${u}`,
      async play(stage) {
        stage.server.on(CONFIG, flags("a"), 304, 304, 500, 500, 500, 401, 304);
        const client = clientOf(stage, { random: () => u, pollIntervalMs: 60_000 });
        await stage.advance(600_000);
        await client.close();
      },
    }),
  ),
  {
    name: "an interval and a jitter of its own",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"), 304, 500, 304);
      const client = clientOf(stage, { pollIntervalMs: 5_000, pollJitterMs: 1_000 });
      await stage.advance(31_000);
      await client.close();
    },
  },
  {
    name: "the same bytes that are no flags, again and again",
    async play(stage) {
      stage.server.on(CONFIG, flags("a", null), { body: "[]" });
      const client = clientOf(stage);
      await stage.advance(200_000);
      stage.server.on(CONFIG, flags("b", null));
      await stage.advance(60_000);
      look(stage, client);
      await client.close();
    },
  },
  {
    name: "close during the first request, and before it",
    async play(stage) {
      stage.server.on(CONFIG, "hang");
      const first = clientOf(stage);
      stage.settles("close at once", first.close());
      await stage.advance(1_000);
      const second = clientOf(stage);
      await stage.advance(1_000);
      stage.settles("close of the second", second.close());
      await stage.advance(1_000);
    },
  },
  {
    name: "close during a poll, by a signal",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"), "hang");
      const controller = new AbortController();
      const client = clientOf(stage, { signal: controller.signal });
      await stage.advance(18_000);
      controller.abort();
      await stage.advance(1_000);
      look(stage, client);
    },
  },
];
