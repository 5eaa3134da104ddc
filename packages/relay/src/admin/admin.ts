import { getRequestListener } from "@hono/node-server";
import type { Clock, Diagnostics } from "@sortition/core";
import { type Context, Hono } from "hono";
import { asPassword } from "../access/credentials.js";
import { Password } from "../access/password.js";
import type { AdminConfig } from "../config/config.js";
import { problemsOf } from "../config/reading.js";
import type { HttpEnv } from "../http/exchange.js";
import { RETRY_SECONDS } from "../http/retry-after.js";
import type { RequestListener } from "../http/server.js";
import { addPages, sendProblem } from "../page/routes.js";
import type { RelayViews } from "../views/relay-views.js";
import type { ReloadResult } from "../views/reload-result.js";
import { RequestProblem } from "../views/request-problem.js";
import type { RelayStatus } from "../views/status.js";
import { addApi } from "./api.js";
import type { Metrics } from "./metrics.js";
import { isFromHere } from "./same-origin.js";

/** `Host` names that always mean this machine. */
const LOOPBACK: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

export interface AdminParts {
  readonly config: AdminConfig;
  readonly diagnostics: Diagnostics;
  readonly metrics: Pick<Metrics, "contentType" | "text">;
  readonly views: RelayViews;
  readonly clock: Clock;
  status(): RelayStatus;
  /** Reads the configuration again; `null` if there is no configuration file. */
  readonly reload: (() => Promise<ReloadResult>) | null;
}

/** Handles requests of operators and Prometheus. It serves nothing to SDKs. */
export interface Admin {
  readonly listener: RequestListener;
  /** Changes the password. Does nothing if it is the same, so wrong passwords are still counted. */
  setPassword(password: string | null): void;
}

/** Creates the listener for operators and Prometheus. */
export function createAdmin({
  clock,
  config,
  diagnostics,
  metrics,
  reload,
  status,
  views,
}: AdminParts): Admin {
  const hosts = new Set([...LOOPBACK, ...config.hosts]);
  const passwordOf = (text: string | null): Password | null =>
    text === null ? null : new Password(text, diagnostics, clock);
  let current = config.password;
  let password = passwordOf(current);
  const app = new Hono<HttpEnv>();
  app.use(async (context, next) => {
    context.header("cache-control", "no-store");
    // With `no-referrer`, browsers send `Origin: null` even with the page's own forms.
    context.header("referrer-policy", "same-origin");
    context.header("x-content-type-options", "nosniff");
    if (password === null) {
      // Prevents DNS rebinding: a page whose host name was pointed at this machine sends that name as `Host`.
      const host = (context.req.header("host") ?? "").toLowerCase().replace(/:\d+$/, "");
      if (!hosts.has(host)) return context.text("unknown host: add it to admin.hosts\n", 421);
      return await next();
    }
    const given = asPassword({
      header: (name) => context.req.header(name),
      param: () => undefined,
      query: () => undefined,
    });
    const { remoteAddress = "" } = context.env.incoming.socket;
    if (!(await password.check(given, remoteAddress))) {
      context.header("www-authenticate", 'Basic realm="sortition-relay", charset="UTF-8"');
      const problem =
        given === null ? "missing: send it with HTTP Basic and any user name" : "wrong";
      return context.text(`the password is ${problem}\n`, 401);
    }
    return await next();
  });
  app.on("POST", "*", async (context, next) => {
    if (!isFromHere(context.req))
      throw new RequestProblem(403, "the request comes from another site");
    return await next();
  });
  app.get("/metrics", async (context) => {
    context.header("content-type", metrics.contentType);
    return context.body(await metrics.text());
  });
  app.get("/status", (context) => context.json(status()));
  if (reload !== null) {
    app.post("/reload", async (context) => {
      if (password === null) return await context.notFound();
      try {
        return context.json(await reload());
      } catch (error) {
        const problems = problemsOf(error).map(({ message }) => message);
        return context.json({ message: "nothing was changed", problems }, 422);
      }
    });
  }
  app.get("/reload", async (context) => {
    if (reload === null || password === null) return await context.notFound();
    return context.json({ message: "there is no such path for this method: use POST" }, 404);
  });
  addApi(app, views);
  addPages(app, { clock, status, views });
  const refuse = (context: Context, problem: RequestProblem): Response | Promise<Response> => {
    const { message, nearest, status } = problem;
    if (status === 429) context.header("retry-after", `${RETRY_SECONDS}`);
    return context.req.path.startsWith("/page/")
      ? sendProblem(context, views, problem)
      : context.json({ message, ...(nearest === null ? {} : { nearest: [nearest] }) }, status);
  };
  app.notFound((context) => {
    const problem = new RequestProblem(404, "there is no page at this address");
    return context.req.path.startsWith("/api/")
      ? refuse(context, problem)
      : sendProblem(context, views, problem);
  });
  app.onError((error, context) => {
    if (error instanceof RequestProblem) return refuse(context, error);
    // The error's message could contain values from the request.
    diagnostics.error("a page failed", { error: error.name });
    return refuse(
      context,
      new RequestProblem(500, "an unexpected error occurred. See the log of the relay"),
    );
  });
  return {
    listener: getRequestListener(app.fetch, {
      overrideGlobalObjects: false,
      errorHandler: () => new Response(null, { status: 400 }),
    }),
    setPassword(next) {
      if (next === current) return;
      current = next;
      password = passwordOf(next);
    },
  };
}
