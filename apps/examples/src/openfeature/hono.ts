// For production: set EPPO_API_KEY and PORT, leave EPPO_BASE_URL unset, and in a container listen on 0.0.0.0.
import { serve } from "@hono/node-server";
import { type EvaluationContext, OpenFeature } from "@openfeature/server-sdk";
import { init } from "@sortition/node";
import { SortitionProvider } from "@sortition/openfeature";
import { type Context, Hono } from "hono";

// The provider uses the program's own client, so the program closes it.
const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: {
    logAssignment: ({ subject, variation }) => console.log(`logged: ${subject} has ${variation}`),
  },
});
await OpenFeature.setProviderAndWait(new SortitionProvider(client));
const flags = OpenFeature.getClient();

/** The user, and attributes for the rules. */
function contextOf({ req }: Context): EvaluationContext {
  return {
    targetingKey: req.query("user") ?? "anonymous",
    path: req.path,
    language: req.header("accept-language") ?? null,
  };
}

const app = new Hono();
app.get("/checkout", async (context) => {
  const evaluation = contextOf(context);
  const checkout = await flags.getStringValue("test-checkout", "standard_checkout", evaluation);
  return context.json({ userId: evaluation.targetingKey, checkout });
});

const port = Number(process.env["PORT"] ?? 3_000);
const server = serve({ fetch: app.fetch, port, hostname: "127.0.0.1" }, (address) =>
  console.log(`listening on http://127.0.0.1:${address.port}`),
);

// Wait for the last response, then deliver the last exposures. After `close`, nothing is logged.
function stop(): void {
  server.close(async () => {
    await OpenFeature.close();
    const { pending } = await client.close();
    console.log(`closed, ${pending} exposures left`);
  });
}
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, stop);

// Prints:
//   listening on http://127.0.0.1:…
//   logged: user-1 has …_checkout
//   closed, 0 exposures left
// GET /checkout?user=user-1
//   {"userId":"user-1","checkout":"…_checkout"}
// GET /checkout?user=user-1
//   {"userId":"user-1","checkout":"…_checkout"}
