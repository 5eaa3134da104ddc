// Serves one of two versions of a payload, or a shop. Runs in its own process, so that sending does not stall the SDK's
// process. The parent receives the URL, and sends the version to serve.
import { serveToParent } from "../process/serving.js";
import { arrivalsOf, shopBytes } from "./writer.js";
import { WRITERS } from "./writers.js";

const [, , dialect = "", payload = ""] = process.argv; // set by cells/refreshing.ts
const writer = WRITERS[dialect];
if (writer === undefined) throw new Error(`no dialect ${dialect}`);
const arrival = arrivalsOf(writer)[payload];
const versions =
  arrival === undefined
    ? [shopBytes(writer, Number(payload))]
    : [arrival.bytes(0), arrival.bytes(1)];

let served = 0;
process.on("message", (version: number) => {
  served = version;
  process.send?.(version);
});
await serveToParent((_, response) => {
  response.writeHead(200, { "content-type": "application/json", etag: `"${served}"` });
  response.end(versions[served]);
});
