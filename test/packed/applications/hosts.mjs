// Serves the routes of a page in one framework, once for each combination of body parsers.
import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createServer2 } from "node:http2";
import { init } from "@sortition/node";
import { nodeHandler, sealOverrides, webFlags } from "@sortition/web/server";

const PARSERS = {
  none: [],
  json: ["json"],
  urlencoded: ["urlencoded"],
  both: ["json", "urlencoded"],
  text: ["text"],
};
const OPTIONS = { json: {}, urlencoded: { extended: true }, text: { type: "*/*" } };
const [EXPOSURES, OVERRIDES] = ["/api/exposures", "/api/overrides"];

/** Starts a server of Node, and returns its port. */
async function listen(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server.address().port;
}

/** The path decides, because these servers have no router. */
function routed({ POST, overrides }) {
  const [show, store, log] = [overrides.GET, overrides.POST, POST].map((it) => nodeHandler(it));
  return (request, response) => {
    if (request.url === "/") return response.setHeader("content-type", "text/html").end("<p>Shop");
    const isOverride = request.url.startsWith(OVERRIDES);
    if (!isOverride) return log(request, response);
    return request.method === "GET" ? show(request, response) : store(request, response);
  };
}

async function serveExpress(name, parsers, { POST, overrides }) {
  const { default: express } = await import(name);
  const app = express();
  for (const it of parsers) app.use(express[it](OPTIONS[it]));
  app.post(EXPOSURES, nodeHandler(POST));
  app.get(OVERRIDES, nodeHandler(overrides.GET)).post(OVERRIDES, nodeHandler(overrides.POST));
  app.use((error, _request, response, _next) => response.status(error.status ?? 500).end());
  return await listen(createServer(app));
}

const HOSTS = {
  http: (_, routes) => listen(createServer(routed(routes))),
  http2: (_, routes) => listen(createServer2(routed(routes))),
  express4: (parsers, routes) => serveExpress("express4", parsers, routes),
  express5: (parsers, routes) => serveExpress("express", parsers, routes),
  async nest(parsers, { POST, overrides }) {
    await import("reflect-metadata");
    const { Module, RequestMethod } = await import("@nestjs/common");
    const { NestFactory } = await import("@nestjs/core");
    class FlagsModule {
      configure(consumer) {
        const { GET: get, POST: post } = RequestMethod;
        const path = OVERRIDES.slice(1);
        consumer.apply(nodeHandler(POST)).forRoutes(EXPOSURES.slice(1));
        consumer.apply(nodeHandler(overrides.GET)).forRoutes({ path, method: get });
        consumer.apply(nodeHandler(overrides.POST)).forRoutes({ path, method: post });
      }
    }
    Module({})(FlagsModule);
    const isDefault = parsers.length === 2; // Nest's
    const app = await NestFactory.create(FlagsModule, { logger: false, bodyParser: isDefault });
    if (!isDefault) for (const it of parsers) app.useBodyParser(it, OPTIONS[it]);
    await app.listen(0, "127.0.0.1");
    return app.getHttpServer().address().port;
  },
  async fastify(parsers, { POST, overrides }) {
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
    app.post(EXPOSURES, nodeHandler(POST));
    app.get(OVERRIDES, nodeHandler(overrides.GET)).post(OVERRIDES, nodeHandler(overrides.POST));
    await app.listen({ port: 0, host: "127.0.0.1" });
    return app.server.address().port;
  },
  async hono(_, { POST, overrides }) {
    const { Hono } = await import("hono");
    const { getRequestListener } = await import("@hono/node-server");
    const app = new Hono();
    app.post(EXPOSURES, (c) => POST(c.req.raw));
    app.get(OVERRIDES, (c) => overrides.GET(c.req.raw));
    app.post(OVERRIDES, (c) => overrides.POST(c.req.raw));
    return await listen(createServer(getRequestListener(app.fetch)));
  },
};

const logged = [];
const client = await init({
  apiKey: "key",
  baseUrl: process.env.EPPO_BASE_URL,
  pollIntervalMs: 600_000,
  // On a busy machine, a report of a slow response would contain the first address of the output.
  requestTimeoutMs: 60_000,
  initializationTimeoutMs: 60_000,
  assignmentLogger: { logAssignment: ({ subject }) => void logged.push(subject) },
});
const seal = { audience: "shop-test", secrets: [process.env.FLAGS_SECRET] };
const web = webFlags({
  client,
  ...seal,
  subject: ({ user }) => ({ subjectKey: user }),
  overrideCookie: () => null,
});
const [host, ...names] = process.argv.slice(2);
const ports = {};
for (const name of names) ports[name] = await HOSTS[host](PARSERS[name], web);

/** What the test needs of this process. */
const control = createServer(async (request, response) => {
  const [, what, user] = request.url.split("/");
  const answers = {
    ports: () => ports,
    logged: () => logged,
    counters: () => client.status.counters.web,
    body: async () => {
      const { token } = await web.snapshot({ checkout: "none" }, { user });
      return { t: token, f: [0] };
    },
    token: () => sealOverrides({ ...seal, flags: { checkout: "fast" }, expiresInSeconds: 60 }),
  };
  response.end(JSON.stringify(await answers[what]()));
});
console.log(`http://127.0.0.1:${await listen(control)}`);
