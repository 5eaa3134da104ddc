import { isInPart } from "@sortition/test-kit";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { describe, expect, it, vi } from "vitest";
import type { RedisFleetOptions } from "../../src/index.js";
import { assignment } from "../support/events.js";
import { FleetWorld, type Member, TIMINGS, until } from "./fleet-world.js";

/** Processes that a fault of Redis must not treat differently. Two are eligible, so one leads and the other follows. */
const ROLES: Readonly<Record<string, Partial<RedisFleetOptions>>> = {
  eligible: {},
  "also eligible": {},
  "eligible: false": { eligible: false },
  "pubsub: false": { pubsub: false, eligible: false },
  'whenRedisDown: "hold"': { whenRedisDown: "hold", eligible: false },
};

interface Fault {
  readonly fault: string;
  begin(server: RedisServer): unknown;
  /** Without it, Redis is usable right after the fault. */
  end?(server: RedisServer): unknown;
}

const FAULTS: readonly Fault[] = [
  {
    fault: "redis §6 fault 12: Redis is killed, and restarts empty",
    begin: (server) => server.kill(),
    end: (server) => server.start(),
  },
  {
    fault: "redis §6 fault 14: everything is deleted",
    begin: (server) => server.command("FLUSHALL"),
  },
  {
    fault: "redis §6 fault 15: the scripts are deleted",
    begin: (server) => server.command("SCRIPT", "FLUSH"),
  },
  {
    fault: "redis §6 fault 17: the user may not run scripts",
    begin: (server) => server.command("ACL", "SETUSER", "default", "-@scripting"),
    end: (server) => server.command("ACL", "SETUSER", "default", "+@scripting"),
  },
  {
    fault: "redis §6 fault 19: Redis hangs",
    begin: (server) => server.pause(),
    end: (server) => server.resume(),
  },
  {
    fault: "redis §6 fault 19: writes are paused",
    begin: (server) => server.command("CLIENT", "PAUSE", "600000", "WRITE"),
    end: (server) => server.command("CLIENT", "UNPAUSE"),
  },
  {
    fault: "redis §6 fault 23: Redis is out of memory",
    begin: (server) => server.command("CONFIG", "SET", "maxmemory", "1"),
    end: (server) => server.command("CONFIG", "SET", "maxmemory", "0"),
  },
  {
    fault: "redis §6 fault 70: Redis is the replica of a server that is down",
    begin: (server) => server.command("REPLICAOF", "127.0.0.1", "1"),
    end: (server) => server.command("REPLICAOF", "NO", "ONE"),
  },
  {
    fault: "redis §6 fault 27: all connections are closed",
    async begin(server) {
      await server.command("CLIENT", "KILL", "TYPE", "pubsub");
      await server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    },
  },
];

/** What a process logs and stores in Redis. */
function useEverything({ fleet }: Pick<Member, "fleet">) {
  const [delivered, logged] = [new Set<string>(), new Set<string>()];
  const logTo = (subjects: Set<string>) => ({
    logAssignment: ({ subject }: { readonly subject: string }) => void subjects.add(subject),
  });
  const outbox = fleet.outbox(logTo(delivered), { flushMs: 10 });
  const dedupe = fleet.dedupe(logTo(logged), { flushMs: 10 });
  const buckets = fleet.stickyBuckets({ flushMs: 10 });
  return {
    ...{ buckets, delivered, fleet, logged },
    use(subject: string): void {
      outbox.logAssignment(assignment(subject));
      dedupe.logAssignment(assignment(subject));
      const document = { attributeName: "id", attributeValue: subject };
      void buckets.saveAssignments({ ...document, assignments: { checkout__0: "on" } });
    },
    close: () => Promise.all([outbox.close(), dedupe.close(), buckets.close()]),
  };
}

describe.skipIf(!hasRedis).concurrent("after each fault of Redis, every role", () => {
  it.each(FAULTS.filter((_, i) => isInPart(i)))(
    "serves changes and has lost nothing: $fault",
    async ({ begin, end }) => {
      await using server = await startRedis();
      const world = new FleetWorld(server);
      const members = Object.entries(ROLES).map(([role, options]) => {
        const member = world.join({
          ...TIMINGS,
          namespace: "roles",
          directAfterMs: 300,
          ...options,
        });
        return { role, member };
      });
      await Promise.all(members.map(({ member }) => member.client.waitForInitialization()));
      const alone = { role: "without an origin", member: world.joinAlone() };
      const users = [...members, alone].map(({ role, member }) => ({
        role,
        ...useEverything(member),
      }));
      const useAll = (round: string): void => {
        for (const { role, use } of users) use(`${round}, ${role}`);
      };
      const linesOf = ({ messages }: Member): readonly string[] =>
        messages.filter((message) => message.startsWith("redis "));
      /** Exposures of one outbox are delivered by any of the processes with its namespace. */
      const hasAll = (round: string): boolean =>
        users.every(
          ({ logged, role }) =>
            logged.has(`${round}, ${role}`) &&
            users.some(({ delivered }) => delivered.has(`${round}, ${role}`)),
        );
      const leaders = (): number =>
        members.filter(({ member }) => member.fleet.status.role === "leader").length;

      useAll("before");
      await until(() => hasAll("before") && leaders() === 1);
      const { requests } = world.vendor;
      const beganAtMs = performance.now();
      await begin(server);
      world.vendor.version += 1;
      useAll("during");
      if (end !== undefined) {
        await until(() =>
          members.every(({ member, role }) => member.version === 2 || role.includes("hold")),
        );
        for (const { member, role } of members) expect(member.version, role).toBeGreaterThan(0);
        // At most one request of each process per interval.
        const intervals = Math.ceil((performance.now() - beganAtMs) / TIMINGS.pollIntervalMs) + 1;
        const most = members.length * intervals;
        expect(world.vendor.requests - requests).toBeLessThanOrEqual(most);
        await end(server);
      }
      world.vendor.version += 1;
      useAll("after");

      await until(() =>
        members.every(
          ({ member: { fleet, version } }) =>
            version === world.vendor.version && fleet.status.revision !== null,
        ),
      );
      await until(() => users.every(({ fleet }) => fleet.status.redis === "ready"));
      await until(() => hasAll("during") && hasAll("after") && leaders() === 1);
      for (const { buckets, fleet, role } of users) {
        expect(await buckets.flush({ timeoutMs: 20_000 }), role).toBe(true);
        for (const round of ["during", "after"]) {
          const stored = await buckets.getAssignments("id", `${round}, ${role}`);
          expect(stored?.assignments, role).toEqual({ checkout__0: "on" });
        }
        expect(fleet.status.counters.outbox.dropped, role).toBe(0);
      }
      for (const { member, role } of members) {
        // Each outage is reported once, and so is its end.
        await vi.waitFor(() => expect(linesOf(member).length % 2, `${linesOf(member)}`).toBe(0));
        for (const [i, line] of linesOf(member).entries()) {
          expect(line, role).toMatch(i % 2 === 0 ? /^redis unusable, / : /^redis reachable again$/);
        }
        if (!(ROLES[role]?.eligible ?? true)) expect(member.fleet.status.role).toBe("follower");
        const pubsub = ROLES[role]?.pubsub === false ? "off" : "on";
        await until(() => member.fleet.status.pubsub === pubsub);
      }
      await Promise.all(users.map(({ close }) => close()));
      await world.close();
    },
  );
});
