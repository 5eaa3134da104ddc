// Receives events in a process of its own. The parent gets the address, and the number of different events that arrived
// each time it asks.
import { once } from "node:events";
import { gunzipSync } from "node:zlib";
import { serveToParent } from "../../process/serving.js";

const uuids = new Set<string>();
/** Read on request of the parent, because reading takes processor time from the senders. */
const waiting: Buffer[] = [];

process.on("message", () => {
  for (const body of waiting.splice(0)) count(body);
  process.send?.(uuids.size);
});

function count(body: Buffer): void {
  const isZipped = body[0] === 0x1f;
  const text = (isZipped ? gunzipSync(body) : body).toString("utf8");
  const { batch }: { batch: readonly { uuid: string }[] } = JSON.parse(text);
  for (const { uuid } of batch) uuids.add(uuid);
}

await serveToParent(async (request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(request, "end");
  response.writeHead(200, { "content-type": "application/json" }).end('{"status":1}');
  waiting.push(Buffer.concat(chunks));
});
