// Loaded before a server: the flags of a shop, a route for any framework, and what the test needs of the process.
import { once } from "node:events";
import { createServer } from "node:http";
import { createClient } from "@sortition/node";
import { sealOverrides, webFlags } from "@sortition/web/server";

const logged = [];

async function open(vendor) {
  const client = createClient({
    apiKey: "key",
    baseUrl: process.env.EPPO_BASE_URL,
    pollIntervalMs: 600_000,
    // On a busy machine, a report of a slow response would contain the first address of the output.
    requestTimeoutMs: 60_000,
    initializationTimeoutMs: 60_000,
    assignmentLogger: { logAssignment: ({ subject }) => void logged.push(vendor + subject) },
  });
  await client.waitForInitialization();
  return client;
}

let waiting = 0;
let gate = null;

/** Waits as a slow middleware or client does, while the test has closed the gate. */
async function pass() {
  if (gate === null) return;
  waiting += 1;
  await gate.promise;
}

const [first, second] = [await open(""), await open("other-")];
const seal = { audience: "shop-test", secrets: [process.env.FLAGS_SECRET] };
const webOf = (options) =>
  webFlags({
    client: () => pass().then(() => first),
    ...seal,
    overrideCookie: () => null,
    ...options,
  });
const web = webOf({ subject: ({ user }) => ({ subjectKey: user }) });
const other = webOf({
  ...{ client: second, audience: "shop-other", url: "/api/other" },
  subject: ({ user }) => ({ subjectKey: user }),
});

/** Reads flags, changes the visitor of the request, and returns the token for the next one's page. */
async function visit({ flags, snapshot }, login, request) {
  await flags(request);
  await login();
  return (await snapshot({ checkout: "none" }, request)).token;
}

globalThis.shop = {
  ports: {},
  pass,
  visit,
  webOf,
  /** @param read - reads the body with the framework's function. */
  async answer(request, read = () => request.text()) {
    const [pathname] = /\/api\/[^?]*/.exec(request.url) ?? []; // the host may be none
    if (pathname === "/api/overrides") return await web.overrides[request.method]?.(request);
    if (pathname === "/api/other") return await other.POST(request);
    if (pathname === "/api/moved") {
      return new Response(null, { status: 308, headers: { location: "/api/exposures" } });
    }
    if (pathname === "/api/read") await read();
    if (pathname === "/api/slow") await pass();
    return await web.POST(request);
  },
};

const answers = {
  ports: () => globalThis.shop.ports,
  logged: () => logged,
  counters: () => first.status.counters.web,
  waiting: () => waiting,
  async body(user, { snapshot } = web) {
    const { token } = await snapshot({ checkout: "none" }, { user });
    return { t: token, f: [0] };
  },
  other: (user) => answers.body(user, other),
  token: () => sealOverrides({ ...seal, flags: { checkout: "fast" }, expiresInSeconds: 60 }),
  close() {
    waiting = 0;
    gate = Promise.withResolvers?.() ?? {};
    gate.promise ??= new Promise((resolve) => {
      gate.resolve = resolve;
    });
  },
  open() {
    gate.resolve();
    gate = null;
  },
};
const control = createServer(async (request, response) => {
  const [, what, user] = request.url.split("/");
  response.end(JSON.stringify((await answers[what](user)) ?? null));
});
control.listen(0, "127.0.0.1");
await once(control, "listening");
console.log(`http://127.0.0.1:${control.address().port}`);
