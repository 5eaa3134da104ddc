// Serves flags to all SDKs, in a process of its own, which its parent starts.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { featuresBytes } from "../workload/growthbook-features.js";
import { shopBytes, shopFlag } from "../workload/shop.js";

const FLAG_COUNT = Number(process.argv[2]); // set by first-look.ts
const flags = shopBytes(FLAG_COUNT);
const features = featuresBytes(Array.from({ length: FLAG_COUNT }, (_, i) => shopFlag(i)));

process.on("disconnect", () => process.exit());
const server = createServer(({ url = "" }, response) => {
  response.writeHead(200, { "content-type": "application/json", etag: '"1"' });
  response.end(url.startsWith("/api/features/") ? features : flags);
});
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port)); // it has one
