// For production: set EPPO_API_KEY and PORT, and leave EPPO_BASE_URL unset.
// In a container, listen on 0.0.0.0.
// In tsconfig.json: "experimentalDecorators": true.
import "reflect-metadata";
import { Controller, Get, Inject, Module, type OnApplicationShutdown, Scope } from "@nestjs/common";
import { NestFactory, REQUEST } from "@nestjs/core";
import { type Client, init, type SubjectClient } from "@sortition/node";
import type { Request } from "express";

/** Injection token of the client. Nest creates one for the whole process, before the first request. */
const CLIENT = Symbol("client");
/** Injection token of the flags of the user who sent the request. Their values do not change during the request. */
const FLAGS = Symbol("flags");

@Controller()
class CheckoutController {
  constructor(@Inject(FLAGS) private readonly flags: SubjectClient) {}

  @Get("checkout")
  checkout(): object {
    // Synchronous and without I/O, so there is nothing to await in a handler.
    const checkout = this.flags.getStringAssignment("test-checkout", "standard_checkout");
    const columns = this.flags.getIntegerAssignment("column-count", 2);
    return { userId: this.flags.subjectKey, checkout, columns };
  }
}

const flagsProvider = {
  provide: FLAGS,
  scope: Scope.REQUEST,
  inject: [CLIENT, REQUEST],
  useFactory: (client: Client, { query }: Request): SubjectClient =>
    client.forSubject({ subjectKey: String(query["user"] ?? "anonymous") }),
};

const clientProvider = {
  provide: CLIENT,
  useFactory: () =>
    init({
      apiKey: process.env["EPPO_API_KEY"] ?? "example",
      baseUrl: process.env["EPPO_BASE_URL"],
      assignmentLogger: {
        logAssignment: ({ subject, variation }) => console.log(`logged: ${subject} ${variation}`),
      },
    }),
};

@Module({ controllers: [CheckoutController], providers: [clientProvider, flagsProvider] })
class AppModule implements OnApplicationShutdown {
  constructor(@Inject(CLIENT) private readonly client: Client) {}

  // Nest has already closed its server, so no request evaluates a flag after `close`.
  async onApplicationShutdown(): Promise<void> {
    const { pending } = await this.client.close();
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
//   logged: user-1 three
//   closed, 0 exposures left
// GET /checkout?user=user-1
//   {"userId":"user-1","checkout":"…_checkout","columns":3}
