// Serves one of two versions of a payload, in a process of its own: sending it must not count as a stall of the SDK's
// process. The parent gets the port, and sends the version to serve.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { arrivalsOf } from "./writer.js";
import { WRITERS } from "./writers.js";

const [, , dialect = "", arrival = ""] = process.argv; // set by cells/refreshing.ts
const writer = WRITERS[dialect];
const payload = writer === undefined ? undefined : arrivalsOf(writer)[arrival];
if (payload === undefined) throw new Error(`no payload ${arrival} of ${dialect}`);
const versions = [payload.bytes(0), payload.bytes(1)];

let served = 0;
process.on("disconnect", () => process.exit());
process.on("message", (version: number) => {
  served = version;
  process.send?.(version);
});
const server = createServer((_, response) => {
  response.writeHead(200, { "content-type": "application/json", etag: `"${served}"` });
  response.end(versions[served]);
});
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port)); // it has one
