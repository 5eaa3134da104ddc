import { EventEmitter } from "node:events";
import {
  PostHog as VendorPostHog,
  setupExpressRequestContext as vendorContext,
  setupExpressErrorHandler as vendorErrors,
} from "posthog-node";
import { describe, expect, it } from "vitest";
import { CaptureClient } from "../../src/client/capture-client.js";
import type { CaptureClientOptions } from "../../src/client/capture-client-options.js";
import {
  type ExpressApp,
  type ExpressRequest,
  setupExpressErrorHandler,
  setupExpressRequestContext,
} from "../../src/client/express.js";

type Use = Parameters<ExpressApp["use"]>[0];

/** Enough of Express to run one request through its middleware. */
function application() {
  const stack: Use[] = [];
  return {
    use: (it: Use) => void stack.push(it),
    handle(request: ExpressRequest, route: () => void): Promise<void> {
      const response = Object.assign(new EventEmitter(), { statusCode: 200, headersSent: false });
      return new Promise((resolve) => {
        const run = (i: number, error?: unknown): void => {
          const layer = stack[i] as ((...parts: unknown[]) => void) | undefined;
          if (layer === undefined) {
            response.statusCode = error === undefined ? 200 : 500;
            response.headersSent = true;
            response.emit("finish");
            resolve();
            return;
          }
          const next = (failure?: unknown): void => run(i + 1, failure ?? error);
          if (layer.length === 4) {
            if (error === undefined) next();
            else layer(error, request, response, next);
          } else layer(request, response, next);
        };
        stack.splice(1, 0, ((_: unknown, __: unknown, next: (error?: unknown) => void) => {
          try {
            route();
            next();
          } catch (failure) {
            next(failure);
          }
        }) as Use);
        run(0);
      });
    },
  };
}

async function eventsOf(
  isOurs: boolean,
  request: ExpressRequest,
  options: CaptureClientOptions,
  fails: boolean,
): Promise<readonly Record<string, unknown>[]> {
  const events: Record<string, unknown>[] = [];
  const all = {
    disableCompression: true,
    fetch: async (_: string, { body }: { body: string | Uint8Array }) => {
      events.push(
        ...JSON.parse(typeof body === "string" ? body : Buffer.from(body).toString()).batch,
      );
      return { status: 200, text: async () => "", json: async () => ({}), headers: new Headers() };
    },
    ...options,
  };
  const app = application();
  const client = isOurs
    ? new CaptureClient("phc_key", all)
    : (new VendorPostHog("phc_key", all as never) as never as CaptureClient);
  if (isOurs) setupExpressRequestContext(client, app);
  else vendorContext(client as never, app as never);
  if (isOurs) setupExpressErrorHandler(client, app);
  else vendorErrors(client as never, app as never);
  await app.handle(request, () => {
    client.capture({ event: "handled" });
    if (fails) throw new TypeError("route failed");
  });
  await client.shutdown();
  return events.map(({ event, properties, distinct_id }) => {
    const { $lib_version: _, $exception_list, ...rest } = properties as Record<string, unknown>;
    const [first] = ($exception_list ?? []) as Record<string, unknown>[];
    const id = /^[0-9a-f-]{36}$/.test(String(distinct_id)) ? "random" : distinct_id;
    return {
      event,
      distinct_id: id,
      ...rest,
      type: first?.["type"],
      mechanism: first?.["mechanism"],
    };
  });
}

const REQUESTS: readonly {
  readonly name: string;
  readonly request: ExpressRequest;
  readonly options?: CaptureClientOptions;
}[] = [
  { name: "no headers", request: { headers: {}, method: "GET", url: "/a", path: "/a" } },
  {
    name: "tracing headers",
    request: {
      headers: {
        "x-posthog-session-id": " s\u0001 ",
        "x-posthog-distinct-id": ["", "alice"],
        "user-agent": "curl",
        "x-forwarded-for": "1.2.3.4, 5.6.7.8",
      },
      method: "POST",
      originalUrl: "/a?b=1#c",
      url: "/b",
      path: "/a?b=1#c",
      socket: { remoteAddress: "::1" },
    },
  },
  {
    name: "long headers",
    request: {
      headers: { "x-posthog-distinct-id": "x".repeat(2_000) },
      url: "/",
      socket: { remoteAddress: "::1" },
    },
  },
  {
    name: "fragments that are hidden",
    request: { headers: {}, url: "/a?b#c", path: "/a?b#c" },
    options: { disable_capture_url_hashes: true },
  },
];

describe("a request gives the events of the vendor's SDK", () => {
  it.each(REQUESTS.flatMap((it) => [true, false].map((fails) => ({ ...it, fails }))))(
    "$name, failing: $fails",
    async ({ request, options = {}, fails }) => {
      const ours = await eventsOf(true, request, options, fails);
      expect(ours).toEqual(await eventsOf(false, request, options, fails));
      expect(ours).toHaveLength(fails ? 2 : 1);
    },
  );
});
