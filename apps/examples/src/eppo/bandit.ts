// For production: set EPPO_API_KEY, leave EPPO_BASE_URL unset, and send the events to your warehouse instead of to the console.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type AssignmentLogger, ContextAttributes, init } from "@sortition/node";

const assignmentLogger: AssignmentLogger = {
  logAssignment: ({ subject, variation }) => console.log(`${subject} is in ${variation}`),
  logBanditAction: ({ subject, action, banditKey, actionProbability }) =>
    console.log(`${subject} sees ${action}, by ${banditKey} with ${actionProbability.toFixed(2)}`),
};

const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "shoes",
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger,
});

/** The actions of the bandit, with their attributes for this visitor. */
const shoes = {
  nike: { numericAttributes: { brandAffinity: 2.3 }, categoricalAttributes: { material: "knit" } },
  adidas: ContextAttributes.empty(),
};

const server = createServer((request, response) => {
  const user = new URL(`http://localhost${request.url}`).searchParams.get("user") ?? "";
  const visitor = { numericAttributes: { age: 30 }, categoricalAttributes: { country: "DK" } };
  const offer = client.getBanditAction("shoe-offer", user, visitor, shoes, "best-seller");
  if (offer.action !== null) {
    response.end(`${offer.action}, chosen for you`);
  } else {
    // The bandit did not choose, so your own rule decides, depending on the variation.
    response.end(offer.variation === "newest-first" ? "adidas, just in" : "nike, our best seller");
  }
}).listen(0, "127.0.0.1");
await once(server, "listening");

const { port } = server.address() as AddressInfo;
for (const user of ["user-1", "user-4"]) {
  const page = await fetch(`http://127.0.0.1:${port}/?user=${user}`);
  console.log(await page.text());
}
server.close();
server.closeAllConnections();
await client.close();

// Prints:
//   user-1 is in bandit
//   user-1 sees nike, by shoe-bandit with 0.81
//   nike, chosen for you
//   user-4 is in newest-first
//   adidas, just in
