// Serves the routes of a page in one framework, once for each combination of body parsers.
import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createServer2 } from "node:http2";
import { nodeHandler } from "@sortition/web/server";

const PARSERS = {
  none: [],
  json: ["json"],
  urlencoded: ["urlencoded"],
  both: ["json", "urlencoded"],
  text: ["text"],
};
const OPTIONS = { json: {}, urlencoded: { extended: true }, text: { type: "*/*" } };
const { answer, pass, ports, visit, webOf } = globalThis.shop;
const handle = nodeHandler((request) => answer(request, () => {})); // `before` has read the body

/** Starts a server of Node, and returns its port. */
async function listen(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server.address().port;
}

/** What middleware does before the route: it reads the stream, or waits. */
async function before(request) {
  if (request.url === "/api/read") await request.toArray();
  if (request.url === "/api/slow") await pass();
}

async function serve(request, response) {
  if (request.url === "/") return response.setHeader("content-type", "text/html").end("<p>Shop");
  await before(request);
  await handle(request, response);
}

async function serveExpress(name, parsers) {
  const { default: express } = await import(name);
  const app = express();
  for (const it of parsers) app.use(express[it](OPTIONS[it]));
  const web = webOf({ subject: ({ user }) => ({ subjectKey: user }) });
  app.post("/visits", async (request, response) => {
    const login = () => Object.assign(request, { user: request.query.user });
    request.user = "alice";
    response.json(await visit(web, login, request));
  });
  app.use((request, _response, next) => void before(request).then(next, next));
  app.use(handle);
  app.use((error, _request, response, _next) => response.status(error.status ?? 500).end());
  return await listen(createServer(app));
}

const HOSTS = {
  http: () => listen(createServer(serve)),
  http2: () => listen(createServer2(serve)),
  express4: (parsers) => serveExpress("express4", parsers),
  express5: (parsers) => serveExpress("express", parsers),
  async koa(parsers) {
    const { default: Koa } = await import("koa");
    const { default: parse } = await import("koa-bodyparser");
    const app = new Koa().on("error", () => {});
    const enableTypes = parsers.map((it) => it.replace("urlencoded", "form"));
    if (enableTypes.length > 0) app.use(parse({ enableTypes, extendTypes: { text: ["*/*"] } }));
    app.use(async (context) => {
      await before(context.req);
      context.respond = false;
      await handle(context.request, context.res);
    });
    return await listen(createServer(app.callback()));
  },
  async nest(parsers) {
    await import("reflect-metadata");
    const { Module } = await import("@nestjs/common");
    const { NestFactory } = await import("@nestjs/core");
    const paths = ["exposures", "overrides", "other", "moved", "read", "slow"];
    class FlagsModule {
      configure(consumer) {
        const wait = (request, _response, next) => {
          void before({ url: request.originalUrl, toArray: () => request.toArray() }).then(
            next,
            next,
          );
        };
        consumer.apply(wait, handle).forRoutes(...paths.map((it) => `api/${it}`));
      }
    }
    Module({})(FlagsModule);
    const isDefault = parsers.length === 2; // Nest's
    const app = await NestFactory.create(FlagsModule, { logger: false, bodyParser: isDefault });
    if (!isDefault) for (const it of parsers) app.useBodyParser(it, OPTIONS[it]);
    await app.listen(0, "127.0.0.1");
    return app.getHttpServer().address().port;
  },
  async fastify(parsers) {
    const { default: fastify } = await import("fastify");
    const app = fastify();
    const [first = "none"] = parsers;
    if (first === "none" || first === "text") app.removeAllContentTypeParsers(); // it has JSON's
    if (parsers.includes("urlencoded")) await app.register(await import("@fastify/formbody"));
    if (first === "none") app.addContentTypeParser("*", (_request, _body, done) => done(null));
    if (first === "text") {
      app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) =>
        done(null, body),
      );
    }
    app.addHook("preHandler", ({ raw }) => before(raw));
    app.all("/api/*", handle);
    await app.listen({ port: 0, host: "127.0.0.1" });
    return app.server.address().port;
  },
  async hono() {
    const { Hono } = await import("hono");
    const { getRequestListener } = await import("@hono/node-server");
    const app = new Hono().all("/api/*", (c) => answer(c.req.raw, () => c.req.text()));
    return await listen(createServer(getRequestListener(app.fetch)));
  },
  async h3() {
    const { createApp, eventHandler, readRawBody, toNodeListener, toWebRequest } = await import(
      "h3"
    );
    const route = (event) => answer(toWebRequest(event), () => readRawBody(event));
    return await listen(createServer(toNodeListener(createApp().use(eventHandler(route)))));
  },
  async h3v2() {
    const { H3, toNodeHandler } = await import("h3v2/node");
    const app = new H3().all("/api/**", ({ req }) => answer(req));
    return await listen(createServer(toNodeHandler(app)));
  },
};

const [host, ...names] = process.argv.slice(2);
for (const name of names) ports[name] = await HOSTS[host](PARSERS[name]);
console.log("serving");
