// Serves a shop. Runs in its own process, so that sending does not stall the SDK's process. The parent receives the URL.
import { serveToParent } from "../process/serving.js";
import { shopBytes } from "./writer.js";
import { WRITERS } from "./writers.js";

const [, , dialect = "", flagCount = ""] = process.argv; // set by dialects/eppo/cells/starts.ts
const writer = WRITERS[dialect];
if (writer === undefined) throw new Error(`no dialect ${dialect}`);
const bytes = shopBytes(writer, Number(flagCount));

await serveToParent((_, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(bytes);
});
