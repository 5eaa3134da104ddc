// Serves one of two versions of 10,000 flags, in a process of its own: sending them must not count as a
// stall of the SDK's process.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Change, versionBytes } from "./versions.js";

const change = process.argv[2] as Change; // set by w10.ts
const versions = [versionBytes(change, 0), versionBytes(change, 1)];
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
