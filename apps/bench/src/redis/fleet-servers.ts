// Runs Redis and a vendor's server in a separate process, which stops both when the measuring process has ended.
import { startRedis, startVendor } from "@sortition/test-kit/redis";
import { bodiesOf, type FleetPayload } from "./payload.js";
import type { Servers } from "./protocol.js";

const payload: FleetPayload = JSON.parse(process.argv[2] ?? ""); // set by fleet.ts
const redis = await startRedis();
const vendor = await startVendor({ bodyOf: bodiesOf(payload) });

process.on("disconnect", async () => {
  await redis.close();
  process.exit();
});
process.on("message", () => process.send?.(vendor.change()));
process.send?.({ redisUrl: redis.url, vendorUrl: vendor.url } satisfies Servers);
