// A Redis and a vendor in a process of their own, which ends them when the process that measures is gone.
import { startRedis, startVendor } from "@sortition/test-kit/redis";
import { bodiesOf } from "./payload.js";
import type { ServersReply, ServersSetup } from "./protocol.js";

const { payload } = JSON.parse(process.argv[2] ?? "") as ServersSetup; // set by fleet.ts
const redis = await startRedis();
const vendor = await startVendor({ bodyOf: bodiesOf(payload) });

process.on("disconnect", async () => {
  await redis.close();
  process.exit();
});
process.on("message", () => reply({ kind: "changed", version: vendor.change() }));
reply({ kind: "ready", redisUrl: redis.url, vendorUrl: vendor.url });

function reply(message: ServersReply): void {
  process.send?.(message);
}
