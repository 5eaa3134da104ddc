import { ifWhole } from "@sortition/test-kit";
import { startRedis } from "@sortition/test-kit/redis";
import { expect, it } from "vitest";
import { Fleet, KEYS } from "../../support/fleet.js";

/** Declares scenarios with a client of the application. */
export function neighbourScenarios(): void {
  ifWhole(it.each([5, 6] as const))(
    "redis §6 fault 28: the application's client is only duplicated, with its keyPrefix and database (ioredis %i)",
    async (ioredis) => {
      await using server = await startRedis();
      const options = { port: server.port, keyPrefix: "app:", db: 3 };
      await using fleet = await Fleet.start({
        workers: 2,
        server,
        ioredis,
        target: { kind: "client", options },
        worker: { isHeld: true },
        isAsync: true,
        configKey: `app:${KEYS.config}`,
      });
      const [worker] = fleet.workers;
      if (worker === undefined) throw new Error("no worker");
      const before = await worker.ask("borrowed");
      expect(before).toMatchObject({ ping: "PONG", status: "ready" });
      const monitor = await server.monitor();
      for (const { process } of fleet.workers) await process.ask("start");
      await fleet.untilAll(1);
      await fleet.untilAll(fleet.vendor.change());
      expect(await worker.ask("borrowed")).toEqual(before);
      const { port } = before as { readonly port: number };
      await monitor.stop();
      const own = monitor.lines.filter((line) => line.includes(`127.0.0.1:${port}]`));
      expect(own.map((line) => line.replace(/^.*?\] /, ""))).toEqual(['"ping"']);
      await server.command("SELECT", 3);
      expect(await server.command("KEYS", "*")).toContain(`app:${KEYS.config}`);
      await worker.close();
      expect(await worker.ask("borrowed")).toEqual(before);
      expect(await fleet.finish()).toEqual([]);
    },
  );
}
