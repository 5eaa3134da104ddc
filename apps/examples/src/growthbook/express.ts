// For production: set GROWTHBOOK_CLIENT_KEY and PORT, leave GROWTHBOOK_API_HOST unset, and in a container listen on 0.0.0.0.
import type { AddressInfo } from "node:net";
import { GrowthBook, GrowthBookClient } from "@sortition/growthbook";
import express, { type Request } from "express";

// One client for the whole process fetches the features and follows their changes.
const client = new GrowthBookClient({
  apiHost: process.env["GROWTHBOOK_API_HOST"],
  clientKey: process.env["GROWTHBOOK_CLIENT_KEY"] ?? "example",
});
await client.init({ timeout: 3_000, streaming: true });

type WithGrowthBook = Request & { gb: GrowthBook };

const app = express();
app.use((request, response, next) => {
  // An instance per request is cheap: the features are compiled once.
  const gb = new GrowthBook({
    features: client.getFeatures(),
    attributes: { id: request.query["user"], country: request.query["country"] },
    url: `${request.protocol}://${request.host}${request.originalUrl}`,
    trackingCallback: (experiment, { hashValue }) => console.error(experiment.key, hashValue),
  });
  response.once("close", () => gb.destroy());
  Object.assign(request, { gb });
  next();
});
app.get("/checkout", async (request, response) => {
  const { gb } = request as WithGrowthBook;
  const banner = gb.getFeatureValue("banner", "Hello");
  // Other requests are served in the meantime, each with its own instance.
  await new Promise((resolve) => setTimeout(resolve, 10));
  const { experimentResult } = gb.evalFeature("new-checkout");
  response.json({ user: experimentResult?.hashValue, banner });
});

const server = app.listen(Number(process.env["PORT"] ?? 3_000), "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo; // an object, because it listens on a TCP port
  console.log(`listening on http://127.0.0.1:${port}`);
});
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    client.destroy();
    server.close();
    server.closeIdleConnections();
  });
}

// Prints:
//   listening on http://127.0.0.1:…
// GET /checkout?user=user-1&country=DE
//   {"user":"user-1","banner":"Willkommen"}
// GET 100 × /checkout?user=user-#
//   {"user":"user-#","banner":"Welcome"}
