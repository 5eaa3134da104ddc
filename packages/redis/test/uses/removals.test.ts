import { hasRedis, type RedisServer, startRedis, startTcpProxy } from "@sortition/test-kit/redis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { outboxKeys } from "../../src/outbox/keys.js";
import { outboxSettings } from "../../src/outbox/options.js";
import { createOutbox } from "../../src/outbox/outbox.js";
import { Removals } from "../../src/outbox/removals.js";
import { type NumberedCall, OutboxStream } from "../../src/outbox/stream.js";
import { assignment } from "../support/events.js";
import { createTestHost, type TestHost } from "../support/fleet-services.js";
import { outboxCounts } from "./outbox-counts.js";

/** Maximum wait. Generous for slow machines; passing tests never wait this long. */
const PATIENCE_MS = 60_000;

describe.skipIf(!hasRedis)("redis §6 fault 68: an outbox whose replies from Redis are lost", () => {
  let server: RedisServer;
  let host: TestHost;

  beforeAll(async () => {
    server = await startRedis();
  });
  beforeEach(() => server.command("FLUSHALL"));
  afterEach(() => host.close());
  afterAll(() => server.close());

  it("counts each delivered exposure once in its process", async () => {
    await using proxy = await startTcpProxy(server.port);
    host = createTestHost(proxy.url);
    let losesReply = false;
    let logged = 0;
    const logAssignment = async (): Promise<void> => {
      if (!losesReply) return;
      // Without the reply to its appending, the connection would end before the removal is sent.
      await vi.waitFor(() => expect(outbox.stats().appended).toBe(logged), PATIENCE_MS);
      // Redis executes the removal of this exposure, but its reply is lost.
      proxy.cut(0);
    };
    const outbox = createOutbox(host, { name: "warehouse", logAssignment }, { flushMs: 10 });
    const delivered = (count: number): Promise<void> =>
      vi.waitFor(
        async () => expect(await outboxCounts(server)).toMatchObject({ delivered: count, left: 0 }),
        PATIENCE_MS,
      );
    const log = async (): Promise<void> => {
      logged += 1;
      outbox.logAssignment(assignment(`${logged}`));
      await delivered(logged);
    };
    await log(); // Redis knows the scripts from now on
    for (let i = 0; i < 3; i++) {
      losesReply = true;
      await log();
      losesReply = false;
      proxy.pass();
      await vi.waitFor(() => expect(outbox.stats().consumer.delivered).toBe(logged), PATIENCE_MS);
    }
    await outbox.close({ timeoutMs: 1_000 });
  });

  it.each([
    { what: "delivered", kind: "finish" },
    { what: "dead", kind: "bury" },
  ] as const)(
    "counts each $what exposure once, although the call is repeated",
    async ({ kind, what }) => {
      host = createTestHost(server.url);
      const release = host.retain({ handOver: async () => {}, close: async () => {} });
      const keys = outboxKeys(host.settings.namespace);
      const stream = new OutboxStream(host, keys, outboxSettings({}));
      await stream.claim(); // creates the group
      const exposures = ["a", "b", "c"].map(
        (id) => ({ id, kind: "assignment", event: "{}" }) as const,
      );
      await stream.append({ caller: "appender", number: 1 }, exposures);
      const entryIds = (await stream.read(10, 0)).map(({ entryId }) => entryId);
      let lost = 2;
      const losing = {
        [kind]: async (call: NumberedCall, ids: readonly string[]) => {
          const count = await stream[kind](call, ids);
          if (lost > 0) throw new Error(`reply ${lost--} is lost`);
          return count;
        },
      };
      const removals = new Removals(losing as ConstructorParameters<typeof Removals>[0]); // has the called method
      let counted = 0;
      const count = (by: number): void => {
        counted += by;
      };
      await expect(removals[kind](entryIds.slice(0, 2), count)).rejects.toThrow("reply 2 is lost");
      await expect(removals[kind](entryIds.slice(2), count)).rejects.toThrow("reply 1 is lost");
      await removals[kind](entryIds.slice(2), count);
      await removals.repeat();
      expect(counted).toBe(3);
      expect(await outboxCounts(server)).toMatchObject({ [what]: 3, left: 0 });
      stream.interrupt();
      release();
    },
  );
});
