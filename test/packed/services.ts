import { once } from "node:events";
import { createServer, type OutgoingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Services on loopback for the applications in `projects/`. */
export interface Services extends AsyncDisposable {
  /** Environment variables with their URLs. */
  readonly env: Readonly<Record<string, string>>;
  /** Number of requests to each service, by the name of its variable. */
  readonly requests: Readonly<Record<string, number>>;
}

const COLLECTORS = ["SEGMENT_URL", "RUDDERSTACK_URL", "SNOWPLOW_URL", "POSTHOG_URL"];

/** A response. With `isOpen`, its connection stays open afterwards. */
interface Answer {
  readonly body: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly isOpen?: boolean;
}

/**
 * Starts four collectors, a server of Eppo whose configuration changes after the first response, and a server of GrowthBook
 * whose stream has another value than its other responses.
 */
export async function startServices(): Promise<Services> {
  const requests: Record<string, number> = {};
  const servers: Server[] = [];
  const env: Record<string, string> = {};
  const start = async (
    name: string,
    answerOf: (request: number, path: string) => Answer,
  ): Promise<void> => {
    const server = createServer((incoming, outgoing) => {
      const request = (requests[name] ?? 0) + 1;
      requests[name] = request;
      incoming.resume().once("end", () => {
        const { body, headers, isOpen = false } = answerOf(request, incoming.url ?? "");
        outgoing.writeHead(200, { "content-type": "application/json", ...headers }).write(body);
        if (!isOpen) outgoing.end();
      });
    });
    servers.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo; // it listens on a port
    env[name] = `http://127.0.0.1:${port}`;
  };
  await start("FLAGS_URL", (request) => ({ body: flags(request === 1 ? "old" : "new") }));
  await start("GROWTHBOOK_URL", (_, path) => {
    if (!path.startsWith("/sub/")) {
      return { body: features("requested"), headers: { "x-sse-support": "enabled" } };
    }
    return {
      body: `event: features\ndata: ${features("streamed")}\n\n`,
      headers: { "content-type": "text/event-stream" },
      isOpen: true,
    };
  });
  for (const name of COLLECTORS) await start(name, () => ({ body: "{}" }));
  return {
    env,
    requests,
    async [Symbol.asyncDispose]() {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

/** Returns a payload with one flag that has this value for all subjects. */
function flags(value: string): string {
  const checkout = {
    key: "checkout",
    enabled: true,
    variationType: "STRING",
    totalShards: 10_000,
    variations: { [value]: { key: value, value } },
    allocations: [{ key: "all", doLog: true, splits: [{ variationKey: value, shards: [] }] }],
  };
  return JSON.stringify({
    createdAt: "2026-01-15T09:00:00.000Z",
    format: "SERVER",
    environment: { name: "Test" },
    flags: { checkout },
  });
}

/** Returns a GrowthBook payload with one feature that has this value for all users. */
function features(value: string): string {
  return JSON.stringify({ status: 200, features: { checkout: { defaultValue: value } } });
}
