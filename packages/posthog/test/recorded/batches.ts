import type { ScriptedReply, Situation } from "@sortition/dialect-kit/request-recorder";
import { capture, capturing, count, end, FAILURES } from "./client.js";

/** Which events a request contains, and when it is sent. */
export const BATCHES: readonly Situation[] = [
  {
    name: "flushInterval: a few events, later ones, compressed",
    async play(stage) {
      const client = capturing(stage, [200], { disableCompression: false });
      capture(client, 2);
      await stage.advance(3_000);
      capture(client, 1, 3);
      await stage.advance(4_000);
      capture(client, 1, 4);
      await stage.advance(6_000);
      count(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "flushAt: events of one turn, and over several",
    async play(stage) {
      const client = capturing(stage, [200], { flushAt: 3 });
      capture(client, 7);
      await stage.advance(0);
      for (let i = 8; i < 12; i++) {
        capture(client, 1, i);
        await stage.advance(10);
      }
      await stage.advance(6_000);
      count(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "maxBatchSize: several requests, one after the other, with slow answers",
    async play(stage) {
      const client = capturing(stage, [{ status: 200, afterMs: 300 }], {
        flushAt: 2,
        maxBatchSize: 4,
        disableCompression: false,
      });
      client.on("flush", (events) => stage.note("flush", events.length));
      capture(client, 10);
      await stage.advance(400);
      capture(client, 5, 11);
      await stage.advance(300);
      count(stage, client);
      await stage.advance(10_000);
      count(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "events of all kinds, of an imported history",
    async play(stage) {
      const client = capturing(stage, [200], { historicalMigration: true, flushInterval: 1_000 });
      client.identify({ distinctId: "alice", properties: { plan: "pro" } });
      client.alias({ distinctId: "alice", alias: "a" });
      client.groupIdentify({ groupType: "company", groupKey: "acme", properties: { size: 5 } });
      client.capture({
        distinctId: "alice",
        event: "bought",
        properties: { price: 5 },
        groups: { company: "acme" },
        timestamp: new Date(1_700_000_000_000),
        uuid: "0190f8e0-0000-7000-8000-000000000000",
      });
      await stage.advance(2_000);
      await end(stage, client);
    },
  },
  {
    name: "no interval: nothing is sent before flush",
    async play(stage) {
      const client = capturing(stage, [200], { flushInterval: 0 });
      capture(client, 3);
      await stage.advance(600_000);
      count(stage, client);
      stage.settles("flush", client.flush());
      await stage.advance(0);
      stage.settles("flush of nothing", client.flush());
      await stage.advance(0);
      await end(stage, client);
    },
  },
  {
    name: "syncMode: each event alone, at once",
    async play(stage) {
      const client = capturing(stage, [{ status: 200, afterMs: 50 }], { syncMode: true });
      capture(client, 3);
      await stage.advance(1_000);
      await end(stage, client);
    },
  },
  {
    name: "send: false",
    async play(stage) {
      const client = capturing(stage, [200], { send: false });
      capture(client, 3);
      stage.settles("immediate", client.captureImmediate({ distinctId: "alice", event: "now" }));
      await stage.advance(6_000);
      count(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "a queue that is full while the server hangs: the oldest are dropped",
    async play(stage) {
      const client = capturing(stage, ["hang", 200], {
        flushAt: 2,
        maxBatchSize: 2,
        maxQueueSize: 4,
        fetchRetryCount: 0,
        requestTimeout: 2_000,
      });
      capture(client, 9);
      await stage.advance(100);
      count(stage, client);
      capture(client, 2, 10);
      await stage.advance(20_000);
      capture(client, 7, 20);
      await stage.advance(10_000);
      count(stage, client);
      await end(stage, client);
    },
  },
];

/** What happens to events that a request could not deliver. */
export const FAILED_BATCHES: readonly Situation[] = [
  ...FAILURES.map(
    ({ name, reply }): Situation => ({
      name: `${name}, then 200`,
      async play(stage) {
        const client = capturing(stage, [reply, 200], {
          onError: (error, events) => stage.note("onError", error, `${events.length} events`),
        });
        capture(client, 2);
        await stage.advance(6_000);
        capture(client, 1, 3);
        await stage.advance(60_000);
        count(stage, client);
        await end(stage, client);
      },
    }),
  ),
  {
    name: "500 at each try, for a minute",
    async play(stage) {
      const client = capturing(stage, [...Array(8).fill(500), 200]);
      capture(client, 2);
      await stage.advance(20_000);
      capture(client, 2, 3);
      count(stage, client);
      await stage.advance(40_000);
      count(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "no answer, with deadlines and pauses of its own",
    async play(stage) {
      const client = capturing(stage, ["hang"], {
        requestTimeout: 1_000,
        fetchRetryCount: 1,
        fetchRetryDelay: 200,
        flushInterval: 500,
      });
      capture(client, 1);
      await stage.advance(10_000);
      count(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "Retry-After that is short, long and a date",
    async play(stage) {
      const busy = (after: string): ScriptedReply => ({
        status: 503,
        headers: { "retry-after": after },
      });
      const client = capturing(stage, [
        ...[busy("1"), busy("3600"), busy("Thu, 01 Jan 2026 00:01:30 GMT"), 200],
      ]);
      capture(client, 1);
      await stage.advance(200_000);
      await end(stage, client);
    },
  },
  {
    name: "413: the batch is halved for good, and a single event is dropped",
    async play(stage) {
      const client = capturing(stage, [413, 413, 413, 413, 200], { flushAt: 8, maxBatchSize: 8 });
      capture(client, 8);
      await stage.advance(0);
      count(stage, client);
      capture(client, 8, 9);
      await stage.advance(10_000);
      count(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "events that fail keep their place before later ones",
    async play(stage) {
      const client = capturing(stage, [500, 400, 200], {
        flushAt: 2,
        maxBatchSize: 2,
        fetchRetryCount: 0,
      });
      capture(client, 2);
      await stage.advance(100);
      capture(client, 3, 3);
      await stage.advance(10_000);
      count(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "a fetch of the user's, which answers, fails and hangs",
    async play(stage) {
      const answers = [500, new TypeError("fetch failed"), null, 200];
      const client = capturing(stage, [], {
        requestTimeout: 2_000,
        fetch: async (url, { body, headers, method }) => {
          stage.note("fetch", method, url, headers, String(body));
          const answer = answers.length > 1 ? answers.shift() : 200;
          if (answer === null || answer === undefined) return new Promise(() => {});
          if (typeof answer !== "number") throw answer;
          return new Response(null, { status: answer });
        },
      });
      capture(client, 1);
      await stage.advance(30_000);
      count(stage, client);
      await end(stage, client);
    },
  },
];
