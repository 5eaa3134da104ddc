import { timingSafeEqual } from "node:crypto";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { asPassword } from "../access/credentials.js";
import { sha256Of } from "../access/tokens.js";
import type { AdminConfig } from "../config/config.js";
import type { RequestListener } from "../http/server.js";
import type { Metrics } from "./metrics.js";
import type { RelayStatus } from "./status.js";

/** Names of this machine. A page of another host that was made to mean it, by its name server, has another `Host`. */
const LOOPBACK: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

export interface AdminParts {
  readonly config: AdminConfig;
  readonly metrics: Pick<Metrics, "contentType" | "text">;
  status(): RelayStatus;
}

/** What answers people and Prometheus: nothing of it is for SDKs. */
export function createAdmin({ config, metrics, status }: AdminParts): RequestListener {
  const hosts = new Set([...LOOPBACK, ...config.hosts]);
  const password = config.password === null ? null : Buffer.from(sha256Of(config.password));
  const app = new Hono();
  app.use(async (context, next) => {
    context.header("cache-control", "no-store");
    const host = (context.req.header("host") ?? "").toLowerCase().replace(/:\d+$/, "");
    if (!hosts.has(host)) return context.text("this host is not served\n", 421);
    const given = asPassword({
      header: (name) => context.req.header(name),
      param: () => undefined,
      query: () => undefined,
    });
    // Digests have one length, so that the comparison says nothing about the password.
    if (password !== null && !timingSafeEqual(Buffer.from(sha256Of(given ?? "")), password)) {
      context.header("www-authenticate", 'Basic realm="sortition-relay", charset="UTF-8"');
      return context.text("the password is missing or wrong\n", 401);
    }
    return await next();
  });
  app.get("/metrics", async (context) => {
    context.header("content-type", metrics.contentType);
    return context.body(await metrics.text());
  });
  app.get("/status", (context) => context.json(status()));
  return getRequestListener(app.fetch, {
    overrideGlobalObjects: false,
    errorHandler: () => new Response(null, { status: 400 }),
  });
}
