// An exposure for an instance of the vendor's library that the logger creates. Arguments: its package, function and options.
import assert from "node:assert/strict";
import { init } from "@sortition/node";

const [name, create, options] = process.argv.slice(2);
const logger = (await import(name))[create](JSON.parse(options));
const client = await init({
  apiKey: "key",
  baseUrl: process.env.FLAGS_URL,
  assignmentLogger: logger,
});
assert.notEqual(client.getStringAssignment("checkout", "user-1", {}, "none"), "none");
await client.close({ timeoutMs: 20_000 });
assert.deepEqual([logger.stats().delivered, logger.stats().failed], [1, 0]);
console.log("ok");
