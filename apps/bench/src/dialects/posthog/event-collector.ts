// Receives events in a process of its own. The parent gets the port, and the number of different events that arrived
// each time it asks.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

const uuids = new Set<string>();

process.on("disconnect", () => process.exit());
process.on("message", () => process.send?.(uuids.size));

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(request, "end");
  response.writeHead(200, { "content-type": "application/json" }).end('{"status":1}');
  const bytes = Buffer.concat(chunks);
  const isZipped = request.headers["content-encoding"] === "gzip";
  const text = (isZipped ? gunzipSync(bytes) : bytes).toString("utf8");
  const { batch }: { batch: readonly { uuid: string }[] } = JSON.parse(text);
  for (const { uuid } of batch) uuids.add(uuid);
});
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port)); // it has one
