// Serves one of two versions of a large payload, in a process of its own: sending it must not count as a
// stall of the SDK's process.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { encryptedBytes } from "./encrypted.js";
import { type Change, versionBytes } from "./features.js";

const [, , change, form] = process.argv as [string, string, Change, string]; // set by w10.ts
const versions = [versionBytes(change, 0), versionBytes(change, 1)].map((bytes) =>
  form === "encrypted" ? encryptedBytes(bytes) : bytes,
);
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
