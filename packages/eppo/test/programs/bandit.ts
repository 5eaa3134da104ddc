import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type IBanditLogger, init } from "@eppo/node-server-sdk";

const banditLogger: IBanditLogger = {
  logBanditAction(event) {
    console.log("chosen", { ...event, evaluationDetails: null });
  },
};

const client = await init({
  apiKey: "shoes",
  baseUrl: process.env["EPPO_BASE_URL"] ?? "",
  assignmentLogger: { logAssignment: (event) => console.log("assigned", event) },
  banditLogger,
});

/** The actions of the bandit, with their attributes for this visitor. */
const shoes = {
  nike: { numericAttributes: { brandAffinity: 2.3 }, categoricalAttributes: { material: "knit" } },
  adidas: { numericAttributes: {}, categoricalAttributes: {} },
};

const server = createServer((request, response) => {
  const user = new URL(request.url ?? "/", "http://localhost").searchParams.get("user") ?? "";
  const visitor = { numericAttributes: { age: 30 }, categoricalAttributes: { country: "DK" } };
  const offer = client.getBanditAction("shoe-offer", user, visitor, shoes, "best-seller");
  if (offer.action !== null) response.end(`${offer.action}, chosen for you`);
  // The bandit did not choose, so your own rule decides by the visitor's variation.
  else response.end(offer.variation === "newest-first" ? "adidas, just in" : "nike, best seller");
}).listen(0, "127.0.0.1");
await once(server, "listening");

const { port } = server.address() as AddressInfo;
for (const user of ["user-1", "user-4", "user-1"]) {
  const page = await fetch(`http://127.0.0.1:${port}/?user=${user}`);
  console.log(await page.text());
}
server.close();
server.closeAllConnections();

const crawler = { numericAttributes: {}, categoricalAttributes: {} };
console.log(client.getBestAction("shoe-offer", crawler, shoes, "best-seller"));
console.log(client.getBanditActionDetails("shoe-offer", "user-5", { age: 41 }, ["nike"], "x"));

// Without a cache, every choice is logged. With a cache, equal choices are logged once.
client.disableBanditAssignmentCache();
for (let i = 0; i < 3; i++) client.getBanditAction("shoe-offer", "user-1", crawler, shoes, "x");
client.useNonExpiringInMemoryBanditAssignmentCache();
for (let i = 0; i < 3; i++) client.getBanditAction("shoe-offer", "user-1", crawler, shoes, "x");
client.useExpiringInMemoryBanditAssignmentCache(10, 60_000);
for (let i = 0; i < 3; i++) client.getBanditAction("shoe-offer", "user-1", crawler, shoes, "x");
client.stopPolling();
