import { once } from "node:events";
import { connect } from "node:http2";
import { describe, expect, it, onTestFinished } from "vitest";
import { createApplication, type Texts, writeFiles } from "./applications/application.ts";
import { exerciseRoutes, expectOwnTokens } from "./applications/route-requests.ts";
import { PROGRAMS, startShop } from "./applications/shop.ts";
import { run } from "./run.ts";
import { newestOf, versionsOf } from "./versions.ts";

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
    name: "node:http, Express, Fastify, Hono, Koa and h3",
    packages: {
      express4: `npm:express@${versionsOf("Express")[0]}`,
      express: newestOf("Express"),
      fastify: newestOf("Fastify"),
      "@fastify/formbody": "9.0.1",
      hono: newestOf("Hono"),
      "@hono/node-server": "2.1.9",
      koa: newestOf("Koa"),
      "koa-bodyparser": "4.4.1",
      h3: versionsOf("h3")[0],
      h3v2: `npm:h3@${newestOf("h3")}`,
      "@types/express": "5.0.6",
      "@types/koa": "3.0.0",
      "@types/express4": "npm:@types/express@4.17.25",
      typescript: "5.9.3",
    },
    hosts: ["http", "express4", "express5", "fastify", "hono", "koa", "h3", "h3v2"],
    types: `${ROUTES}
  import express, { type Request as Request5 } from "express";
  import express4 from "express4";
  import fastify, { type FastifyRequest } from "fastify";
  import { Hono } from "hono";
  import Koa from "koa";
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
  new Koa().use((context) => nodeHandler(POST)(context.request, context.res));
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

async function startHost(folder: string, host: string, parsers: readonly string[]) {
  const shop = await startShop(folder, ["hosts.mjs", host, ...parsers]);
  await shop.outputs("serving");
  return { ...shop, ports: await shop.ask<Record<string, number>>("ports") };
}

describe.each(PROJECTS)("the routes of a page in $name", ({ hosts, packages, types }) => {
  const folder = createApplication(packages);
  const compilerOptions = {
    ...{ module: "nodenext", noEmit: true, skipLibCheck: true, strict: true, target: "es2022" },
    ...{ lib: ["es2023"], types: ["node"] },
  };
  const files = {
    ...PROGRAMS,
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
      const isWeb = /^(hono|h3)/.test(host);
      const { ports, ...shop } = await startHost(
        folder,
        host,
        isWeb || host === "http" ? ["none"] : PARSERS,
      );
      for (const [parser, port] of Object.entries(ports)) {
        const url = `http://127.0.0.1:${port}`;
        const hasForms = host !== "fastify" || parser !== "json";
        const statuses = await exerciseRoutes({ ...shop, hasForms, keepsBodies: !isWeb, url });
        const odd = Object.entries(statuses).filter(([, it]) => it !== 0 && !/^4/.test(`${it}`));
        // The function of h3 1 that converts requests rejects invalid hosts.
        if (host !== "h3") expect(odd).toEqual([]);
        if (host === "http") {
          expect(statuses).toMatchObject({ TRACE: 405, "a Host that is no host": 400 });
        }
        if (host.startsWith("express")) await expectOwnTokens(shop, url, "/visits");
      }
      const { aborted } = await shop.ask<{ aborted: number }>("counters");
      // Behind a parser, the parser notices it.
      expect(aborted).toBeGreaterThanOrEqual(host === "nest" ? 0 : 2);
    },
  );
});

it("the routes of a page in node:http2 answer every request, and count every exposure", async () => {
  const folder = createApplication({});
  writeFiles(folder, PROGRAMS);
  const { ask, newBody, ports, visitors } = await startHost(folder, "http2", ["none"]);
  const session = connect(`http://127.0.0.1:${ports["none"]}`);
  onTestFinished(() => session.destroy());
  const post = async (path: string, body: string, more: Record<string, string> = {}) => {
    const stream = session.request({ ":method": "POST", ":path": path, ...more }).end(body);
    const [headers] = await once(stream, "response");
    return headers[":status"];
  };
  const own = { "sec-fetch-site": "same-origin" };
  const expose = async () => await post("/api/exposures", await newBody());
  expect(await expose()).toBe(204);
  expect(await post("/api/overrides", `t=${await ask("token")}`, own)).toBe(303);
  const form = { ":authority": "Shop.example:443" };
  for (const [origin, status] of [
    ["https://shop.example", 303],
    ["http://request.invalid", 403],
  ] as const) {
    expect(await post("/api/overrides", "remove=all", { ...form, origin })).toBe(status);
  }
  expect(await post("//evil:99999/x", "")).toBe(400);
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
