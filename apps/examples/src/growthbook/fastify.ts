// For production: set GROWTHBOOK_CLIENT_KEY and PORT, leave GROWTHBOOK_API_HOST unset, and in a container listen on 0.0.0.0.
import { GrowthBook, GrowthBookClient } from "@sortition/growthbook";
import fastify from "fastify";

// One client for the whole process fetches the features and follows their changes.
const client = new GrowthBookClient({
  apiHost: process.env["GROWTHBOOK_API_HOST"],
  clientKey: process.env["GROWTHBOOK_CLIENT_KEY"] ?? "example",
});
await client.init({ timeout: 3_000, streaming: true });

interface Query {
  user?: string;
  country?: string;
}

declare module "fastify" {
  interface FastifyRequest {
    gb: GrowthBook;
  }
}

const app = fastify();
app.addHook("onRequest", async (request, reply) => {
  const { user: id, country } = request.query as Query; // strings, or nothing
  // An instance per request is cheap: the features are compiled once.
  request.gb = new GrowthBook({
    features: client.getFeatures(),
    attributes: { id, country },
    url: `${request.protocol}://${request.host}${request.url}`,
    trackingCallback: (experiment, { hashValue }) => console.error(experiment.key, hashValue),
  });
  reply.raw.once("close", () => request.gb.destroy());
});
app.get("/checkout", async ({ gb }) => {
  const banner = gb.getFeatureValue("banner", "Hello");
  // Other requests are served in the meantime, each with its own instance.
  await new Promise((resolve) => setTimeout(resolve, 10));
  const { experimentResult } = gb.evalFeature("new-checkout");
  return { user: experimentResult?.hashValue, banner };
});

const address = await app.listen({ port: Number(process.env["PORT"] ?? 3_000), host: "127.0.0.1" });
console.log(`listening on ${address}`);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    client.destroy();
    void app.close();
  });
}

// Prints:
//   listening on http://127.0.0.1:…
// GET /checkout?user=user-1&country=DE
//   {"user":"user-1","banner":"Willkommen"}
// GET 100 × /checkout?user=user-#
//   {"user":"user-#","banner":"Welcome"}
