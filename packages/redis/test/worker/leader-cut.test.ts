import {
  type ConfigurationOrigin,
  type Failure,
  HttpStatusError,
  NetworkError,
  type SortitionError,
  TimeoutError,
} from "@sortition/core/internal";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FleetWorld, type Member, until } from "./fleet-world.js";

const FOLLOWERS = 3;
/** Like an origin's `requestTimeoutMs`, which is far below the interval by default. */
const REQUEST_TIMEOUT_MS = 200;
/** Number of intervals in which requests are counted. */
const INTERVALS = Number(process.env["DRILL_INTERVALS"] ?? 4);
const I = Number(process.env["DRILL_POLL_INTERVAL_MS"] ?? 1_000);

/** The connection of one process to the vendor, which can be cut. */
interface Way {
  error: SortitionError | null;
  retryAfterMs: number | null;
  /** When requests started that did not reach the vendor. */
  readonly lostAtMs: number[];
}

function originBehind(way: Way, origin: ConfigurationOrigin): ConfigurationOrigin {
  return {
    ...origin,
    async fetchOnce(current, context) {
      const { error, retryAfterMs } = way;
      if (error === null) return origin.fetchOnce(current, context);
      way.lostAtMs.push(performance.now());
      if (error instanceof TimeoutError) {
        await new Promise((resolve) => setTimeout(resolve, REQUEST_TIMEOUT_MS));
      }
      const failure: Failure = { kind: "transient", error, retryAfterMs };
      return { kind: "failed", failure };
    },
  };
}

describe
  .skipIf(!hasRedis)
  .concurrent(
    "redis §6 fault 64: a leader that is the only one to lose its connection to the origin",
    () => {
      let server: RedisServer;
      beforeAll(async () => {
        server = await startRedis();
      });
      afterAll(() => server.close());

      /** Starts a fleet whose leader has just polled. */
      async function start(world: FleetWorld): Promise<{
        leader: Member;
        followers: readonly Member[];
        ways: ReadonlyMap<Member, Way>;
        wayOf: (member: Member) => Way;
      }> {
        const ways = new Map<Member, Way>();
        // On a busy machine, a leader may miss the renewal of a short lease.
        const options = { pollIntervalMs: I, leaseMs: 10 * I, commandTimeoutMs: 2 * I };
        for (let i = 0; i <= FOLLOWERS; i++) {
          const way: Way = { error: null, retryAfterMs: null, lostAtMs: [] };
          ways.set(world.join({ ...options, origin: originBehind(way, world.vendor.origin) }), way);
        }
        const members = [...ways.keys()];
        await Promise.all(members.map(({ client }) => client.waitForInitialization()));
        const isLeader = ({ fleet }: Member): boolean => fleet.status.role === "leader";
        await until(() => members.some(isLeader));
        const requests = world.vendor.requests;
        await until(() => world.vendor.requests > requests);
        const leader = members.find(isLeader) as Member; // a leader was found above
        const wayOf = (member: Member): Way => ways.get(member) as Way; // each member has one
        return { leader, followers: members.filter((it) => it !== leader), ways, wayOf };
      }

      it.each([
        { what: "requests hang", error: new TimeoutError("request", REQUEST_TIMEOUT_MS) },
        {
          what: "connections are reset",
          error: new NetworkError("the request failed: ECONNRESET", undefined),
        },
        { what: "a proxy returns 502", error: new HttpStatusError(502, null) },
      ])(
        "hands the lease over after at most two requests if $what, with one request per interval",
        async ({ error }) => {
          const world = new FleetWorld(server);
          const { followers, leader, wayOf } = await start(world);
          wayOf(leader).error = error;
          world.vendor.version = 2;
          const cutAtMs = performance.now();
          const requests = world.vendor.requests;
          await until(() => followers.every(({ version }) => version === 2));
          expect(wayOf(leader).lostAtMs.length).toBeLessThanOrEqual(2);
          await until(() => performance.now() - cutAtMs > INTERVALS * I);
          const sinceIntervals = Math.ceil((performance.now() - cutAtMs) / I);
          expect(world.vendor.requests - requests).toBeLessThanOrEqual(sinceIntervals);
          expect(leader.version).toBe(2);
          expect(leader.fleet.status.role).toBe("follower");
          if (process.env["DRILL_INTERVALS"] !== undefined) {
            const lost = wayOf(leader).lostAtMs.length;
            console.log({
              error: error.code,
              requests: world.vendor.requests - requests,
              lost,
              sinceIntervals,
            });
          }
          await world.close();
        },
      );

      it("takes the lease again if no other worker does, and polls no sooner than before", async () => {
        const world = new FleetWorld(server);
        const { followers, leader, wayOf } = await start(world);
        for (const { client } of followers) await client.close();
        const way = wayOf(leader);
        way.error = new NetworkError("the request failed: ECONNRESET", undefined);
        await until(() => way.lostAtMs.length === 2);
        const [firstMs = 0, secondMs = 0] = way.lostAtMs;
        // Two intervals after the first failure. The first request may start late, after its poll.
        expect(secondMs - firstMs).toBeGreaterThan(1.5 * I);
        expect(leader.warnings).not.toContain("no eligible worker");
        expect(leader.warnings).not.toContain("no worker completes polls, polling directly");
        await world.close();
      });

      it("hands over once while no worker reaches the origin, and then the backoff is the fleet's", async () => {
        const world = new FleetWorld(server);
        const { ways } = await start(world);
        for (const way of ways.values()) {
          way.error = new NetworkError("the request failed: ECONNRESET", undefined);
        }
        const lost = (): readonly number[] =>
          [...ways.values()].flatMap(({ lostAtMs }) => lostAtMs).sort((a, b) => a - b);
        await until(() => lost().length === 3);
        const [, secondMs = 0, thirdMs = 0] = lost();
        // Four intervals after the second failure. The backoff of a single worker is two.
        expect(thirdMs - secondMs).toBeGreaterThan(3 * I);
        await world.close();
      });

      it("does not hand over if the origin has requested a pause", async () => {
        const world = new FleetWorld(server);
        const { leader, ways, wayOf } = await start(world);
        Object.assign(wayOf(leader), {
          error: new HttpStatusError(503, 300 * I),
          retryAfterMs: 300 * I,
        });
        await until(() => wayOf(leader).lostAtMs.length === 1);
        const refusedAtMs = performance.now();
        const requests = world.vendor.requests;
        await until(() => performance.now() - refusedAtMs > 2.5 * I);
        expect(world.vendor.requests).toBe(requests);
        expect([...ways.values()].flatMap(({ lostAtMs }) => lostAtMs)).toHaveLength(1);
        await world.close();
      });
    },
  );
