import { fileURLToPath } from "node:url";
import {
  hasRedis,
  machineMs,
  startRedis,
  startTcpProxy,
  startWorker,
} from "@sortition/test-kit/redis";
import { describe, expect, it } from "vitest";
import { busyMs } from "../support/times.js";

const cwd = fileURLToPath(new URL("../..", import.meta.url));
const entry = fileURLToPath(new URL("exit-worker.ts", import.meta.url));

describe.skipIf(!hasRedis)(
  "a process that closes none of its uses, while Redis does not respond",
  () => {
    it("ends after the two seconds that each logger may take", async () => {
      const server = await startRedis();
      const proxy = await startTcpProxy(server.port);
      proxy.blackHole();
      const worker = await startWorker({ entry, cwd, options: { url: proxy.url } });
      expect(await worker.ended).toMatchObject({ exitCode: 0, signal: null, stdout: "" });
      const endedMs = machineMs();
      expect(worker.events).toMatchObject([{ name: "last statement" }]);
      const startedMs = worker.events[0]?.atMs ?? 0;
      expect(endedMs - startedMs).toBeLessThan(5_000 + busyMs());
      await proxy.close();
      await server.close();
    });
  },
);
