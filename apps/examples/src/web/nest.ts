// For production: set EPPO_API_KEY, FLAGS_SECRET and PORT, and leave EPPO_BASE_URL unset.
// In a container, listen on 0.0.0.0.
import type { IncomingMessage, ServerResponse } from "node:http";
import "reflect-metadata";
import {
  type MiddlewareConsumer,
  Module,
  type NestModule,
  type OnApplicationShutdown,
} from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { init } from "@sortition/node";
import { nodeHandler, webFlags } from "@sortition/web/server";

interface AppFlags {
  "test-checkout": { string: "fast_checkout" | "standard_checkout" };
}

const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: {
    logAssignment: ({ subject, variation }) => console.log(`logged: ${subject} ${variation}`),
  },
});

const { POST, responseHeaders, snapshot } = webFlags<AppFlags, IncomingMessage>({
  client,
  audience: "shop-example",
  secrets: [process.env["FLAGS_SECRET"]],
  // An application reads the key from a cookie or a session.
  subject: ({ url }) => ({
    subjectKey: new URL(`http://localhost${url}`).searchParams.get("user"),
  }),
});

/** A page without React. The reader of `@sortition/web` reads the snapshot from this script. */
async function showCheckout(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const shown = await snapshot({ "test-checkout": "standard_checkout" }, request);
  const json = JSON.stringify(shown).replaceAll("<", "\\u003c");
  response.writeHead(200, { "content-type": "text/html", ...responseHeaders() });
  response.end(
    `<h1>${shown.values["test-checkout"]}</h1><script type="application/json">${json}</script>`,
  );
}

@Module({})
class FlagsModule implements NestModule, OnApplicationShutdown {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(nodeHandler(POST)).forRoutes("api/exposures");
  }

  async onApplicationShutdown(): Promise<void> {
    const { pending } = await client.close();
    console.log(`closed, ${pending} exposures left`);
  }
}

const app = await NestFactory.create(FlagsModule, { logger: ["error", "warn"] });
app.getHttpAdapter().get("/checkout", showCheckout);
app.enableShutdownHooks(["SIGTERM", "SIGINT"], { useProcessExit: true });
await app.listen(Number(process.env["PORT"] ?? 3_000), "127.0.0.1");
console.log(`listening on ${await app.getUrl()}`);

// Prints, with FLAGS_SECRET=ZXhhbXBsZS1zZWNyZXQtZXhhbXBsZS1zZWNyZXQtMzI:
//   listening on http://127.0.0.1:…
//   closed, 0 exposures left
// GET /checkout?user=user-1
//   <h1>…_checkout</h1><script type="application/json">{"v":1,"values":{"test-checkout":"…_checkout"},"logs":["test-checkout"],"ids":["…"],"overridden":[],"url":"/api/exposures","token":"1.…"}</script>
