// An assignment event of the local client, uploaded with Amplitude's library.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { Experiment } from "@sortition/amplitude";

const flag = {
  key: "checkout",
  variants: { on: { key: "on", value: "on" } },
  segments: [{ variant: "on" }],
};
const uploaded = [];
const server = createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray()).toString();
  if (request.url === "/upload") uploaded.push(...JSON.parse(body).events);
  response.setHeader("content-type", "application/json");
  response.end(request.url === "/upload" ? `{"code":200}` : JSON.stringify([flag]));
});
await once(server.listen(0, "127.0.0.1"), "listening");
const url = `http://127.0.0.1:${server.address().port}`;
const client = Experiment.initializeLocal("server-key", {
  serverUrl: url,
  assignmentConfig: {
    apiKey: "key",
    serverUrl: `${url}/upload`,
    flushQueueSize: 1,
    flushIntervalMillis: 100,
  },
});
await client.start();
assert.equal(client.evaluateV2({ user_id: "user-1" }).checkout.value, "on");
while (uploaded.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
assert.deepEqual(
  uploaded.map(({ event_type, user_id }) => [event_type, user_id]),
  [["[Experiment] Assignment", "user-1"]],
);
client.stop();
server.close();
server.closeAllConnections();
console.log("ok");
