// Receives events in a separate process. The parent gets the URL and, on request, the number of distinct events received.
import { once } from "node:events";
import { gunzipSync } from "node:zlib";
import { serveToParent } from "../../process/serving.js";

const uuids = new Set<string>();
/** Parsed only when the parent requests the count, because parsing takes CPU time from the senders. */
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
