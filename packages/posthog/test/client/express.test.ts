import { EventEmitter } from "node:events";
import {
  PostHog as VendorPostHog,
  setupExpressRequestContext as vendorContext,
  setupExpressErrorHandler as vendorErrors,
} from "posthog-node";
import { describe, expect, it } from "vitest";
import { CaptureClient } from "../../src/client/capture-client.js";
import {
  type ExpressApp,
  type ExpressRequest,
  setupExpressErrorHandler,
  setupExpressRequestContext,
} from "../../src/client/express.js";
import type { CaptureClientOptions } from "../../src/events/capture-client-options.js";

type Use = Parameters<ExpressApp["use"]>[0];

/** The parts of Express that run a request through its middleware. */
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
    fetch: async (_: string, { body = "" }: { body?: string | Uint8Array }) => {
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
    const {
      sortition_version: _,
      $exception_list,
      ...rest
    } = properties as Record<string, unknown>;
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

const MINUTE_MS = 60_000;
const agoMs = (minutes: number): number => Date.now() - minutes * MINUTE_MS;
const written = (state: unknown): string =>
  `ph_phc_key_posthog=${encodeURIComponent(typeof state === "string" ? state : JSON.stringify(state))}`;
const STATE = { distinct_id: "anna", $user_state: "identified", $device_id: "d" };
const live = { ...STATE, $sesid: [agoMs(1), "s-1", agoMs(20)] };
const idle = { ...STATE, $sesid: [agoMs(45), "s-1", agoMs(60)] };
const OPT_OUT = "__ph_opt_in_out_phc_key";

/** Contents of the browser library's cookie, and the options for reading it. */
const COOKIES: readonly {
  readonly name: string;
  readonly cookie: string;
  readonly options?: object;
  readonly headers?: Readonly<Record<string, string>>;
}[] = [
  { name: "an identified visitor", cookie: `a=1; ${written(live)}; b=2` },
  { name: "not read unless asked for", cookie: written(live), options: {} },
  { name: "an anonymous visitor", cookie: written({ ...live, $user_state: "anonymous" }) },
  { name: "a session that is over", cookie: written(idle) },
  {
    name: "a session with a longer idle time",
    cookie: written(idle),
    options: { readPostHogCookie: { sessionIdleTimeoutSeconds: 7_200 } },
  },
  {
    name: "an idle time that is clamped",
    cookie: written(idle),
    options: { readPostHogCookie: { sessionIdleTimeoutSeconds: 1 } },
  },
  { name: "a session of over a day", cookie: written({ ...STATE, $sesid: [agoMs(1), "s", 1] }) },
  { name: "a session of two parts", cookie: written({ ...STATE, $sesid: [agoMs(1), "s"] }) },
  { name: "a session of one part", cookie: written({ ...STATE, $sesid: [agoMs(1)] }) },
  { name: "a session in the future", cookie: written({ ...STATE, $sesid: [agoMs(-90), "s"] }) },
  { name: "a visitor who has opted out", cookie: `${written(live)}; ${OPT_OUT}=0` },
  { name: "a visitor who has opted in", cookie: `${written(live)}; ${OPT_OUT}=1` },
  {
    name: "without consent by default",
    cookie: written(live),
    options: { readPostHogCookie: { optOutCapturingByDefault: true } },
  },
  {
    name: "consent, without consent by default",
    cookie: `${written(live)}; ${OPT_OUT}=yes`,
    options: { readPostHogCookie: { optOutCapturingByDefault: true } },
  },
  {
    name: "tracing headers win",
    cookie: written(live),
    headers: { "x-posthog-session-id": "header" },
  },
  { name: "two cookies", cookie: `${written(live)}; ${written({ ...live, distinct_id: "ben" })}` },
  { name: "control characters", cookie: written({ ...live, distinct_id: "an\u0001na " }) },
  { name: "a distinct id that is not a string", cookie: written({ ...live, distinct_id: 5 }) },
  { name: "garbage", cookie: "ph_phc_key_posthog=%7Bx" },
  { name: "a list", cookie: written([1]) },
  { name: "broken encoding", cookie: "ph_phc_key_posthog=%E0%A4%A" },
];

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
  ...COOKIES.map(({ name, cookie, options = { readPostHogCookie: true }, headers = {} }) => ({
    name: `cookies: ${name}`,
    request: { headers: { cookie, ...headers }, url: "/", socket: { remoteAddress: "::1" } },
    options: options as CaptureClientOptions,
  })),
];

describe("a request results in the same events as with the vendor's SDK", () => {
  it.each(REQUESTS.flatMap((it) => [true, false].map((fails) => ({ ...it, fails }))))(
    "$name, failing: $fails",
    async ({ request, options = {}, fails }) => {
      const ours = await eventsOf(true, request, options, fails);
      expect(ours).toEqual(await eventsOf(false, request, options, fails));
      expect(ours).toHaveLength(fails ? 2 : 1);
    },
  );
});
