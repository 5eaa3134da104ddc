import { createHash } from "node:crypto";
import { eppo } from "@sortition/core/eppo";
import {
  createClock,
  type Digest,
  type PayloadSet,
  type SourceContext,
  type SourceSink,
} from "@sortition/core/internal";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { redis } from "../../src/index.js";
import { timed } from "../support/timed.js";
import { FleetWorld, TIMINGS, until } from "./fleet-world.js";

const sha256: Digest = async (...chunks) => {
  const hash = createHash("sha256");
  for (const chunk of chunks) hash.update(chunk);
  return new Uint8Array(hash.digest());
};

describe.skipIf(!hasRedis)(
  "a process whose own code fails while it reads the stored configuration",
  () => {
    let server: RedisServer;
    let world: FleetWorld;

    beforeEach(async () => {
      server = await startRedis();
      world = new FleetWorld(server);
    });
    afterEach(async () => {
      await world.close();
      await server.close();
    });

    it("reports the error, and serves the configuration when the code works again", async () => {
      await world.join().client.waitForInitialization();
      const { origin } = world.vendor;
      const fleet = redis(timed({ redis: server.url, ...TIMINGS, origin, eligible: false }));
      const reports: { readonly message: string }[] = [];
      const note = (message: string, facts: object = {}): void =>
        void reports.push({ message, ...facts });
      const ignore = (): void => {};
      let served: PayloadSet | null = null;
      let isBroken = true;
      const context: SourceContext = {
        dialect: eppo(),
        clock: createClock(),
        random: Math.random,
        digest: async (...chunks) => {
          if (isBroken) throw new TypeError("no digest");
          return sha256(...chunks);
        },
        diagnostics: { debug: ignore, info: ignore, warn: note, error: note },
        current: () => served,
      };
      const take = (payloads: PayloadSet): void => {
        served = payloads;
      };
      const sink: SourceSink = {
        prepare: async (payloads) => ({ outcome: "changed", apply: () => take(payloads) }),
        offer: async (payloads) => {
          take(payloads);
          return { outcome: "applied" };
        },
        confirmed: ignore,
        failed: ignore,
        scheduled: ignore,
        idle: ignore,
      };
      const subscription = fleet.subscribe(sink, context);
      await until(() => reports.length > 0);
      const code = "SORTITION_REDIS_PAYLOAD_REJECTED";
      expect(reports[0]).toEqual({
        ...{ message: "stored payload rejected", code, revision: expect.any(Number) },
        reason: expect.stringContaining("no digest"),
      });
      await until(() => fleet.status.lastError?.code === code);
      expect(served).toBeNull();
      isBroken = false;
      await until(() => served !== null);
      await subscription.end({ signal: new AbortController().signal });
    });
  },
);
