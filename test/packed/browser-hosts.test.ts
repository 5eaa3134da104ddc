import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:http2";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { split, testFlags } from "../../packages/testing/src/index.ts";
import { type FlagServer, flagServer } from "../../packages/testing/src/server.ts";
import { sealOverrides } from "../../packages/web/src/server.ts";
import { freePort } from "../../tools/test-kit/src/redis/port.ts";
import { createApplication, start, type Texts, writeFiles } from "./applications/application.ts";
import { hasChromium, launchChromium } from "./applications/chromium.ts";
import { exerciseRoutes } from "./applications/route-requests.ts";
import { openSlowLine } from "./applications/slow-line.ts";
import { run } from "./run.ts";
import { newestOf, versionsOf } from "./versions.ts";

const program = readFileSync(join(import.meta.dirname, "applications/hosts.mjs"), "utf8");

const nest = (version: string): Texts => ({
  "@nestjs/common": version,
  "@nestjs/core": version,
  "@nestjs/platform-express": version,
  "reflect-metadata": "0.2.2",
  rxjs: "7.8.2",
  typescript: "5.9.3",
});

const PARSERS = ["none", "json", "urlencoded", "both", "text"];
const ROUTES = `
  import { nodeHandler, webFlags } from "@sortition/web/server";
  declare const client: () => never;
  const seal = { audience: "a", secrets: [] };`;

/** The servers that people have, by project: their names in `hosts.mjs`, and a program whose types are checked. */
const PROJECTS: readonly {
  readonly name: string;
  readonly packages: Texts;
  readonly hosts: readonly string[];
  readonly types: string;
}[] = [
  {
    name: "node:http, Express, Fastify and Hono",
    packages: {
      express4: `npm:express@${versionsOf("Express")[0]}`,
      express: newestOf("Express"),
      fastify: newestOf("Fastify"),
      "@fastify/formbody": "9.0.1",
      hono: newestOf("Hono"),
      "@hono/node-server": "2.1.9",
      "@types/express": "5.0.6",
      "@types/express4": "npm:@types/express@4.17.25",
      typescript: "5.9.3",
    },
    hosts: ["http", "express4", "express5", "fastify", "hono"],
    types: `${ROUTES}
  import express, { type Request as Request5 } from "express";
  import express4 from "express4";
  import fastify, { type FastifyRequest } from "fastify";
  import { Hono } from "hono";
  import { createServer } from "node:http";
  import { createServer as createServer2 } from "node:http2";
  const web = webFlags<unknown, Request5>({ client, ...seal, subject: (r) => ({ subjectKey: r.ip }) });
  const other = webFlags<unknown, FastifyRequest>({ client, ...seal, subject: (r) => ({ subjectKey: r.ip }) });
  const { POST } = web;
  express().post("/", nodeHandler(POST)).use(nodeHandler(POST)).get("/", (r) => void web.flags(r));
  express4().post("/", nodeHandler(POST)).use(nodeHandler(POST));
  fastify().post("/", nodeHandler(POST)).get("/", (r) => other.flags(r));
  fastify({ http2: true }).post("/", nodeHandler(POST));
  new Hono().post("/", (c) => POST(c.req.raw));
  createServer(nodeHandler(POST));
  createServer2(nodeHandler(POST));`,
  },
  ...versionsOf("NestJS").map((version) => ({
    name: `NestJS ${version}`,
    packages: nest(version),
    hosts: ["nest"],
    types: `${ROUTES}
  import type { MiddlewareConsumer } from "@nestjs/common";
  const { POST } = webFlags({ client, ...seal, subject: () => null });
  export const configure = (consumer: MiddlewareConsumer) => consumer.apply(nodeHandler(POST)).forRoutes("api/exposures");`,
  })),
];

async function startFlags(): Promise<FlagServer> {
  const flags = testFlags();
  flags
    .string("checkout")
    .variations("fast", "standard")
    .otherwise(split({ fast: 50, standard: 50 }));
  const server = await flagServer({ flags });
  onTestFinished(() => server.close());
  return server;
}

async function startHost(folder: string, host: string, parsers: readonly string[]) {
  const server = await startFlags();
  const { url } = await start(folder, ["hosts.mjs", host, ...parsers], {
    EPPO_BASE_URL: `${server.url}/api`,
    FLAGS_SECRET: randomBytes(32).toString("base64url"),
  });
  const ask = async <T>(what: string): Promise<T> =>
    (await (await fetch(`${url}/${what}`)).json()) as T; // answered by `hosts.mjs`
  const visitors: string[] = [];
  return {
    ask,
    visitors,
    async newBody(): Promise<object> {
      const visitor = `visitor-${visitors.length}`;
      visitors.push(visitor);
      return await ask(`body/${visitor}`);
    },
  };
}

describe.each(PROJECTS)("the routes of a page in $name", ({ hosts, packages, types }) => {
  const folder = createApplication(packages);
  const compilerOptions = {
    ...{ module: "nodenext", noEmit: true, skipLibCheck: true, strict: true, target: "es2022" },
    ...{ lib: ["es2023"], types: ["node"] },
  };
  const files = {
    "hosts.mjs": program,
    "types.ts": types,
    "tsconfig.json": JSON.stringify({ compilerOptions, include: ["types.ts"] }),
  };

  it("fit the types of the framework", async () => {
    writeFiles(folder, files);
    const options = { cwd: folder };
    const result = await run(process.execPath, ["node_modules/typescript/bin/tsc"], options);
    expect(result.exitCode, result.stdout).toBe(0);
  });

  it.each(hosts)(
    "answer every request of %s with each body parser, and count every exposure",
    async (host) => {
      writeFiles(folder, files);
      const hasParsers = host !== "http" && host !== "hono";
      const running = await startHost(folder, host, hasParsers ? PARSERS : ["none"]);
      const ports = await running.ask<Record<string, number>>("ports");
      for (const [parser, port] of Object.entries(ports)) {
        const statuses = await exerciseRoutes({
          url: `http://127.0.0.1:${port}`,
          token: await running.ask("token"),
          newBody: running.newBody,
          hasForms: host !== "fastify" || parser !== "json",
        });
        const odd = Object.entries(statuses).filter(([, it]) => it !== 0 && !/^4/.test(`${it}`));
        expect(odd).toEqual([]);
        if (host === "http") {
          expect(statuses).toMatchObject({ TRACE: 405, "a Host that is no host": 400 });
        }
      }
      expect(await running.ask("logged")).toEqual(running.visitors);
      const { aborted } = await running.ask<{ aborted: number }>("counters");
      // Behind a parser, the parser notices it.
      expect(aborted).toBeGreaterThanOrEqual(host === "nest" ? 0 : 2);
    },
  );
});

const SVELTE_KIT: Texts = {
  "svelte.config.js": `
    import adapter from "@sveltejs/adapter-node";
    export default { kit: { adapter: adapter() } };`,
  "vite.config.js": `
    import { sveltekit } from "@sveltejs/kit/vite";
    export default { plugins: [sveltekit()] };`,
  "src/app.html": "<head>%sveltekit.head%</head><body>%sveltekit.body%</body>",
  "src/lib/server/web.js": `
    import { building } from "$app/environment";
    import { init } from "@sortition/node";
    import { webFlags } from "@sortition/web/server";
    export const logged = [];
    const client = building ? null : await init({
      apiKey: "key",
      baseUrl: process.env.EPPO_BASE_URL,
      pollIntervalMs: 600_000,
      assignmentLogger: { logAssignment: ({ subject }) => void logged.push(subject) },
    });
    export const web = webFlags({
      client,
      audience: "shop-test",
      secrets: [process.env.FLAGS_SECRET],
      subject: (request) => ({ subjectKey: request.headers.get("x-user") }),
    });`,
  "src/routes/api/exposures/+server.js": `
    import { web } from "$lib/server/web.js";
    export const POST = ({ request }) => web.POST(request);`,
  "src/routes/api/overrides/+server.js": `
    import { web } from "$lib/server/web.js";
    export const GET = ({ request }) => web.overrides.GET(request);
    export const POST = ({ request }) => web.overrides.POST(request);`,
  "src/routes/body/+server.js": `
    import { web } from "$lib/server/web.js";
    export async function GET({ request }) {
      const { token } = await web.snapshot({ checkout: "none" }, request);
      return Response.json({ t: token, f: [0] });
    }`,
  "src/routes/logged/+server.js": `
    import { logged } from "$lib/server/web.js";
    export const GET = () => Response.json(logged);`,
};

it("the routes of a page in SvelteKit answer every request, and count every exposure", async () => {
  const folder = createApplication({
    "@sveltejs/adapter-node": "5.5.7",
    "@sveltejs/kit": newestOf("SvelteKit"),
    "@sveltejs/vite-plugin-svelte": "6.2.4",
    svelte: "5.57.3",
    vite: "7.3.8",
  });
  writeFiles(folder, SVELTE_KIT);
  const built = await run(process.execPath, ["node_modules/vite/bin/vite.js", "build"], {
    cwd: folder,
  });
  expect(built.exitCode, built.stdout + built.stderr).toBe(0);
  const server = await startFlags();
  const secret = randomBytes(32).toString("base64url");
  const port = await freePort();
  const { url } = await start(folder, ["build"], {
    EPPO_BASE_URL: `${server.url}/api`,
    FLAGS_SECRET: secret,
    HOST: "127.0.0.1",
    ORIGIN: `http://127.0.0.1:${port}`,
    PORT: `${port}`,
  });
  const visitors: string[] = [];
  await exerciseRoutes({
    url,
    token: await sealOverrides({
      audience: "shop-test",
      secrets: [secret],
      flags: { checkout: "fast" },
      expiresInSeconds: 60,
    }),
    async newBody() {
      const visitor = `visitor-${visitors.length}`;
      visitors.push(visitor);
      return (await fetch(`${url}/body`, { headers: { "x-user": visitor } })).json();
    },
  });
  expect(await (await fetch(`${url}/logged`)).json()).toEqual(visitors);
});

it.skipIf(!hasChromium)(
  "a browser on a line of 6 kB/s that closes while it sends an exposure does not end the server",
  async () => {
    const folder = createApplication({});
    writeFiles(folder, { "hosts.mjs": program });
    const { ask, newBody, visitors } = await startHost(folder, "http", ["none"]);
    const { none } = await ask<{ none: number }>("ports");
    const url = `http://127.0.0.1:${none}`;
    const visit = await launchChromium();
    const { page } = await visit();
    await page.goto(`http://127.0.0.1:${await openSlowLine(none, 6_000)}`);
    // As large as the body of a page with many flags.
    const body = JSON.stringify({ ...(await newBody()), padding: "x".repeat(15_000) });
    const headers = { "content-type": "application/json" };
    const init = JSON.stringify({ method: "POST", headers, body });
    await page.evaluate(`void fetch("/api/exposures", ${init}).catch(() => {})`);
    await delay(1_000); // about a third of the time that it takes
    await page.context().close();
    await expect.poll(() => ask("counters")).toMatchObject({ aborted: 1 });
    visitors.length = 0; // it was not logged
    const post = { method: "POST", headers, body: JSON.stringify(await newBody()) };
    expect((await fetch(`${url}/api/exposures`, post)).status).toBe(204);
    expect(await ask("logged")).toEqual(visitors);
  },
);

it("the routes of a page in node:http2 answer every request, and count every exposure", async () => {
  const folder = createApplication({});
  writeFiles(folder, { "hosts.mjs": program });
  const { ask, newBody, visitors } = await startHost(folder, "http2", ["none"]);
  const { none } = await ask<{ none: number }>("ports");
  const session = connect(`http://127.0.0.1:${none}`);
  onTestFinished(() => session.destroy());
  const post = async (path: string, body: string, more: Record<string, string> = {}) => {
    const stream = session.request({ ":method": "POST", ":path": path, ...more }).end(body);
    const [headers] = await once(stream, "response");
    return headers[":status"];
  };
  const own = { "sec-fetch-site": "same-origin" };
  const expose = async () => await post("/api/exposures", JSON.stringify(await newBody()));
  expect(await expose()).toBe(204);
  expect(await post("/api/overrides", `t=${await ask("token")}`, own)).toBe(303);
  expect(await post("/api/overrides", "remove=all", own)).toBe(303);
  expect(await post("/api/exposures", "", { ":method": "TRACE" })).toBe(405);
  expect(await post("/api/exposures", "", { ":authority": "shop.example:99999" })).toBe(400);
  const aborted = session.request({ ":method": "POST", ":path": "/api/exposures" });
  aborted.on("error", () => {}).write('{"t');
  await new Promise((resolve) => session.ping(resolve));
  aborted.close(8);
  await expect.poll(() => ask("counters")).toMatchObject({ aborted: 1 });
  expect(await expose()).toBe(204);
  expect(await ask("logged")).toEqual(visitors);
});
