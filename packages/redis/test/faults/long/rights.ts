import { type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { expect, it } from "vitest";
import { aclRules } from "../../acl.js";
import { Fleet } from "../../support/fleet.js";
import { userWith } from "../../support/limited-user.js";
import { serverVersion } from "../../support/server-version.js";
import type { Target } from "../../support/worker-options.js";

const [major, minor] = serverVersion();
const isFrom72 = major > 7 || (major === 7 && minor >= 2);

/** A server, and how a worker that may not write reaches it. */
interface Readable {
  readonly target: Target;
  readonly close: () => Promise<void>;
}

async function startReplica({ host, port }: RedisServer): Promise<Readable> {
  const args = ["--replicaof", host, String(port), "--repl-diskless-sync-delay", "0"];
  const replica = await startRedis({ args });
  const info = async (): Promise<string> => String(await replica.command("INFO", "replication"));
  while (!/master_link_status:up/.test(await info()));
  return { target: { kind: "url", url: replica.url }, close: () => replica.close() };
}

/** Declares scenarios of missing permissions. */
export function rightsScenarios(): void {
  it.each<{ who: string; readable: (server: RedisServer) => Promise<Readable> }>([
    {
      who: "may only read",
      readable: async (server) => ({
        target: await userWith(server, "%R~* &* +@all"),
        close: async () => {},
      }),
    },
    { who: "is connected to a replica", readable: startReplica },
  ])(
    "redis §6 fault 17: a worker that $who follows while another one leads",
    async ({ readable }) => {
      await using server = await startRedis();
      await using fleet = await Fleet.start({ workers: 1, server });
      await fleet.leader();
      const { close, target } = await readable(server);
      const [reader] = await fleet.add(1, { target });
      const polls = () => fleet.polls().filter(({ worker }) => worker === reader?.id);
      await fleet.untilAll(1);
      await fleet.untilAll(fleet.vendor.change());
      expect(polls()).toEqual([]);
      await (await fleet.leader()).kill();
      await fleet.untilAll(fleet.vendor.change());
      expect(polls()).not.toEqual([]);
      expect(await fleet.finish({ soleRole: null })).toEqual([]);
      await close();
    },
  );

  it.each(isFrom72 ? ["", "+client|setinfo"] : [""])(
    `redis §6 fault 18: the minimal permissions are enough on Redis ${major}.${minor} %s`,
    async (rule) => {
      await using server = await startRedis();
      const target = await userWith(server, `${aclRules(["source"]).join(" ")} ${rule}`.trim());
      await using fleet = await Fleet.start({ workers: 3, server, target });
      await (await fleet.leader()).kill();
      await fleet.leader();
      await server.command("SCRIPT", "FLUSH");
      await fleet.untilAll(fleet.vendor.change());
      for (const worker of fleet.present) {
        const isOn = async (): Promise<boolean> => (await worker.status()).fleet.pubsub === "on";
        await fleet.until("pushes", isOn);
        expect((await worker.status()).fleet.counters["redisErrors"]).not.toHaveProperty(
          "SORTITION_REDIS_DENIED",
        );
      }
      expect(await fleet.finish()).toEqual([]);
      expect(await server.command("ACL", "LOG")).toEqual([]);
    },
  );
}
