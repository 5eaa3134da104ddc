import type { ScriptedReply, Situation, Stage } from "@sortition/dialect-kit/request-recorder";
import type { EppoClient, IClientConfig } from "../../src/index.js";
import { CONFIG, flags, start } from "./client.js";

const EVENTS = "events.test/v0/i";
/** A key that contains the host of its events. */
const KEY = `key.${Buffer.from("eh=http://events.test").toString("base64")}`;

/** Creates a client that tracks events, whose server sends the given replies. */
async function tracking(
  stage: Stage,
  replies: readonly ScriptedReply[],
  options: NonNullable<IClientConfig["eventTracking"]> = {},
): Promise<EppoClient> {
  stage.server.on(CONFIG, flags("a"));
  stage.server.on(EVENTS, ...replies);
  const client = start(stage, { apiKey: KEY, eventTracking: { enabled: true, ...options } });
  await stage.advance(0);
  client.stopPolling();
  return client;
}

async function close(stage: Stage, client: EppoClient): Promise<void> {
  stage.settles("close", client.close());
  await stage.advance(10_000);
}

const TAKEN: ScriptedReply = { body: { failed_events: [] } };

function track(client: EppoClient, count: number): void {
  for (let n = 1; n <= count; n++) client.track("click", { n });
}

/** Delivery of `track` events and assignments. */
export const TRACKED_EVENTS: readonly Situation[] = [
  {
    name: "events of two intervals, with a context",
    async play(stage) {
      const client = await tracking(stage, [TAKEN]);
      client.setContext("team", "blue");
      track(client, 2);
      await stage.advance(6_000);
      track(client, 1);
      await stage.advance(20_000);
      client.setContext("team", null);
      track(client, 1);
      await stage.advance(20_000);
      await close(stage, client);
    },
  },
  ...([500, "hang"] as const).map(
    (reply): Situation => ({
      name: `a batch that fails twice: ${JSON.stringify(reply)}`,
      async play(stage) {
        const client = await tracking(stage, [reply, reply, TAKEN]);
        track(client, 1);
        await stage.advance(80_000);
        track(client, 1);
        await stage.advance(20_000);
        await close(stage, client);
      },
    }),
  ),
  {
    name: "a batch of which some events are refused",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"));
      const client = await tracking(stage, []);
      stage.server.on(
        EVENTS,
        ({ body }) => {
          const { eppo_events: events } = JSON.parse(body) as { eppo_events: { uuid: string }[] };
          return { body: { failed_events: events.slice(0, 2).map(({ uuid }) => uuid) } };
        },
        TAKEN,
      );
      track(client, 3);
      await stage.advance(60_000);
      await close(stage, client);
    },
  },
  {
    name: "an outage: tries of its own number and pauses, a full queue, and the rest later",
    async play(stage) {
      const limits = { batchSize: 100, maxQueueSize: 103, maxRetries: 2 };
      const pauses = { retryIntervalMs: 1_000, maxRetryDelayMs: 1_500, deliveryIntervalMs: 3_000 };
      const client = await tracking(stage, [503, 503, 503, 503, TAKEN], { ...limits, ...pauses });
      track(client, 102);
      await stage.advance(4_000);
      track(client, 105);
      await stage.advance(30_000);
      await close(stage, client);
    },
  },
  {
    name: "close with events that wait",
    async play(stage) {
      const client = await tracking(stage, [TAKEN]);
      track(client, 2);
      await close(stage, client);
      client.track("late", {});
      await stage.advance(30_000);
    },
  },
  {
    name: "close with a server that hangs",
    async play(stage) {
      const client = await tracking(stage, ["hang"]);
      track(client, 2);
      stage.settles("close", client.close({ timeoutMs: 1_500 }));
      await stage.advance(60_000);
    },
  },
  {
    name: "a key that names no host of events",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"));
      const client = start(stage, { eventTracking: { enabled: true } });
      await stage.advance(0);
      track(client, 1);
      await stage.advance(20_000);
      await close(stage, client);
    },
  },
  {
    name: "a logger that throws, rejects, and never answers",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"));
      let calls = 0;
      const client = start(stage, {
        assignmentLogger: {
          logAssignment({ subject }) {
            calls += 1;
            stage.note("assignment", subject);
            if (calls === 1) throw new Error("no");
            return calls === 2 ? Promise.reject(new Error("not now")) : new Promise(() => {});
          },
        },
      });
      await stage.advance(0);
      for (const subject of ["alice", "bob", "carol"]) {
        client.getStringAssignment("flag", subject, {}, "default");
        await stage.advance(500);
      }
      stage.settles("flush", client.flush({ timeoutMs: 1_000 }));
      await stage.advance(20_000);
      stage.settles("close", client.close({ timeoutMs: 1_000 }));
      await stage.advance(20_000);
    },
  },
];
