// Serves flags to all SDKs, in a process of its own, which its parent starts.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { growthbookWriter } from "../../growthbook/writer.js";
import { shopBytes } from "../../writer.js";
import { eppoWriter } from "../writer.js";

const FLAG_COUNT = Number(process.argv[2]); // set by starts.ts
const flags = shopBytes(eppoWriter, FLAG_COUNT);
const features = shopBytes(growthbookWriter, FLAG_COUNT);

process.on("disconnect", () => process.exit());
const server = createServer(({ url = "" }, response) => {
  response.writeHead(200, { "content-type": "application/json", etag: '"1"' });
  response.end(url.startsWith("/api/features/") ? features : flags);
});
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port)); // it has one
