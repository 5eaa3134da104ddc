// For production: set EPPO_API_KEY and PORT, and leave EPPO_BASE_URL unset.
// In a container, listen on 0.0.0.0.
// In tsconfig.json: "experimentalDecorators": true.
import "reflect-metadata";
import { Controller, Get, Inject, Module, type OnApplicationShutdown, Query } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { type Client, init } from "@sortition/node";

/** Injection token of the client. Nest creates one for the whole process, before the first request. */
const FLAGS = Symbol("flags");

@Controller()
class CheckoutController {
  constructor(@Inject(FLAGS) private readonly flags: Client) {}

  @Get("checkout")
  checkout(@Query("user") userId = "anonymous"): string {
    // Synchronous and without I/O, so there is nothing to await in a handler.
    return this.flags.getStringAssignment("test-checkout", userId, {}, "standard_checkout");
  }
}

const flagsProvider = {
  provide: FLAGS,
  useFactory: () =>
    init({
      apiKey: process.env["EPPO_API_KEY"] ?? "example",
      baseUrl: process.env["EPPO_BASE_URL"],
      assignmentLogger: {
        logAssignment: ({ subject, variation }) => console.log(`logged: ${subject} ${variation}`),
      },
    }),
};

@Module({ controllers: [CheckoutController], providers: [flagsProvider] })
class AppModule implements OnApplicationShutdown {
  constructor(@Inject(FLAGS) private readonly flags: Client) {}

  // Nest has already closed its server, so no request evaluates a flag after `close`.
  async onApplicationShutdown(): Promise<void> {
    const { pending } = await this.flags.close();
    console.log(`closed, ${pending} exposures left`);
  }
}

const app = await NestFactory.create(AppModule, { logger: ["error", "warn"] });
app.enableShutdownHooks(["SIGTERM", "SIGINT"], { useProcessExit: true });
await app.listen(Number(process.env["PORT"] ?? 3_000), "127.0.0.1");
console.log(`listening on ${await app.getUrl()}`);

// Prints:
//   listening on http://127.0.0.1:…
//   logged: user-1 …_checkout
//   closed, 0 exposures left
// GET /checkout?user=user-1
//   …_checkout
