import { ifWhole, isInPart } from "@sortition/test-kit";
import { startTestServer } from "@sortition/test-kit/http-server";
import { split } from "@sortition/testing";
import { describe, expect, it } from "vitest";
import { TOKEN_REFUSED } from "../src/http/refusals.js";
import { serverOf, VENDORS } from "./formats.js";
import { rawExchange, statusOf } from "./raw.js";
import { ENVIRONMENTS, later, relayOf, VARIABLES, type VendorName } from "./start.js";

const { KEY, PROJECT } = VARIABLES;

/** Request for the flags of each vendor's SDK. */
const FLAGS: Readonly<
  Record<VendorName, (key: string) => readonly [string, Readonly<Record<string, string>>]>
> = {
  Eppo: (key) => [`/flag-config/v1/config?apiKey=${key}&sdkName=x&sdkVersion=1`, {}],
  GrowthBook: (key) => [`/api/features/${key}`, {}],
  Amplitude: (key) => ["/sdk/v2/flags?v=0", { authorization: `Api-Key ${key}` }],
  PostHog: (key) => [
    `/flags/definitions?token=${PROJECT}&send_cohorts`,
    { authorization: `Bearer ${key}` },
  ],
};

async function ask(
  url: string,
  vendor: VendorName,
  { key = KEY, method = "GET", ...headers }: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const [path, own] = FLAGS[vendor](key);
  return await fetch(`${url}${path}`, { method, headers: { ...own, ...headers } });
}

describe.each(VENDORS)("flags of %s", (vendor) => {
  const row = VENDORS.indexOf(vendor);

  it.runIf(isInPart(row, 0))(
    "are the vendor's bytes with a strong tag, and get 304 for clients that have them",
    async () => {
      const { flags, server } = await serverOf(vendor);
      const relay = await relayOf({ environments: [ENVIRONMENTS[vendor](server.url)] });
      const plain = await ask(relay.url, vendor, { "accept-encoding": "identity" });
      const etag = plain.headers.get("etag") ?? "";
      expect(plain.status).toBe(200);
      expect(await plain.text()).toBe(flags.payload());
      expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
      expect(plain.headers.get("cache-control")).toBe("private, max-age=0, must-revalidate");
      expect(Number(plain.headers.get("age"))).toBeLessThan(60);

      for (const tags of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
        const same = await ask(relay.url, vendor, { "if-none-match": tags });
        expect([same.status, await same.text()]).toEqual([304, ""]);
      }
      const other = await ask(relay.url, vendor, { "if-none-match": '"other"' });
      expect(other.status).toBe(200);

      const head = await ask(relay.url, vendor, { method: "HEAD", "accept-encoding": "identity" });
      expect(head.headers.get("etag")).toBe(etag);
      expect(head.headers.get("content-length")).toBe(`${flags.payload().length}`);
      expect(await head.text()).toBe("");
    },
  );

  it.runIf(isInPart(row, 1))("have another tag after a change", async () => {
    const { flags, server } = await serverOf(vendor);
    const [environment] = [ENVIRONMENTS[vendor](server.url)];
    const relay = await relayOf({ environments: [environment] });
    const before = (await ask(relay.url, vendor)).headers.get("etag") ?? "";
    flags
      .string("checkout")
      .variations("fast", "standard")
      .otherwise(split({ fast: 1, standard: 1 }));
    relay.environments[0]?.requestRefresh();
    await expect
      .poll(async () => (await ask(relay.url, vendor, { "if-none-match": before })).status)
      .toBe(200);
  });

  it.runIf(isInPart(row, 2))(
    "get the same 401 for a wrong token and for an unknown environment",
    async () => {
      const { server } = await serverOf(vendor);
      const relay = await relayOf({ environments: [ENVIRONMENTS[vendor](server.url)] });
      const name = vendor.toLowerCase();
      const answers = await Promise.all([
        ask(`${relay.url}/${name}`, vendor, { key: "wrong" }),
        ask(`${relay.url}/${name}`, vendor, { key: "__proto__" }),
        ask(`${relay.url}/nobody`, vendor),
        ask(`${relay.url}/nobody`, vendor, { key: "wrong" }),
        ask(`${relay.url}/__proto__`, vendor),
        ask(relay.url, vendor, { key: `${KEY}x` }),
      ]);
      const bodies = await Promise.all(answers.map(async (it) => [it.status, await it.text()]));
      expect(new Set(bodies.map((it) => JSON.stringify(it))).size).toBe(1);
      expect(bodies[0]?.[0]).toBe(401);
    },
  );

  it.runIf(isInPart(row, 3))(
    "get 503 before the first configuration, with a valid token",
    async () => {
      const server = await startTestServer({ kind: "answer", status: 500 });
      later(() => server.close());
      const environments = [ENVIRONMENTS[vendor](server.url)];
      const relay = await relayOf({ environments }, { waits: false });
      const early = await ask(relay.url, vendor);
      expect(early.status).toBe(503);
      expect(Number(early.headers.get("retry-after"))).toBeGreaterThan(0);
      expect((await ask(relay.url, vendor, { key: "wrong" })).status).toBe(401);
      expect((await fetch(`${relay.url}/readyz`)).status).toBe(503);
      expect((await fetch(`${relay.url}/livez`)).status).toBe(200);
    },
  );

  it.runIf(isInPart(row, 4))("can be read only by web pages of the listed origins", async () => {
    const { server } = await serverOf(vendor);
    const own = ENVIRONMENTS[vendor](server.url);
    const relay = await relayOf({ environments: [{ ...own, origins: ["https://shop.example"] }] });
    const allowedTo = async (origin: string, method: string): Promise<string | null> =>
      (await ask(relay.url, vendor, { origin, method })).headers.get("access-control-allow-origin");
    for (const method of ["GET", "OPTIONS"]) {
      expect(await allowedTo("https://shop.example", method)).toBe("https://shop.example");
      expect(await allowedTo("https://other.example", method)).toBeNull();
    }
    const preflight = await ask(relay.url, vendor, {
      method: "OPTIONS",
      origin: "https://shop.example",
    });
    expect(preflight.headers.get("access-control-allow-headers")).toContain("authorization");
  });
});

describe("tokens", () => {
  const TOKENS = [
    { name: "shop", sha256: "0d4e9b0d6b0f6e0b8a3a4b3a0a7d6f3cb2e9c0a1f5f4b5d6c7e8f90a1b2c3d4e" },
    { name: "new", sha256: "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae" },
  ];

  it("replace the vendor's key, and there can be several", async () => {
    const { server } = await serverOf("Eppo");
    const environments = [{ ...ENVIRONMENTS.Eppo(server.url), tokens: TOKENS }];
    const relay = await relayOf({ environments });
    expect((await ask(relay.url, "Eppo", { key: "foo" })).status).toBe(200);
    expect((await ask(relay.url, "Eppo")).status).toBe(401);
  });

  it("do not open other environments", async () => {
    const { server } = await serverOf("Eppo");
    const own = ENVIRONMENTS.Eppo(server.url);
    const relay = await relayOf({
      environments: [
        { ...own, name: "first", tokens: [TOKENS[0]] },
        { ...own, name: "second", tokens: [TOKENS[1]] },
      ],
    });
    expect((await ask(`${relay.url}/second`, "Eppo", { key: "foo" })).status).toBe(200);
    expect((await ask(`${relay.url}/first`, "Eppo", { key: "foo" })).status).toBe(401);
    expect((await ask(relay.url, "Eppo", { key: "foo" })).status).toBe(401);
  });

  it("are logged at most once a minute if they are wrong, without their value", async () => {
    const { server } = await serverOf("Eppo");
    const relay = await relayOf({ environments: [ENVIRONMENTS.Eppo(server.url)] });
    for (let i = 0; i < 20; i++) await ask(relay.url, "Eppo", { key: `guess-${i}` });
    const lines = relay.log.filter((line) => line.includes("wrong token"));
    expect(lines).toHaveLength(1);
    expect(relay.log.join("")).not.toContain("guess-");
  });

  it("are logged apart from requests for an unknown environment, which the log does not name", async () => {
    const { server } = await serverOf("Eppo");
    const relay = await relayOf({ environments: [ENVIRONMENTS.Eppo(server.url)] });
    await ask(relay.url, "Eppo", { key: "wrong" });
    for (let i = 0; i < 2; i++) await ask(`${relay.url}/epo`, "Eppo");
    const [line, ...others] = relay.log.filter((it) => it.includes("unknown environment"));
    expect(JSON.parse(line ?? "")).toMatchObject({ level: "warn", count: 1, known: "eppo" });
    expect(others).toEqual([]);
    expect(relay.log.join("")).not.toContain('epo"');
  });

  it.each([
    [
      "/second",
      "GrowthBook",
      KEY,
      "for an environment of another vendor",
      { environment: "second" },
    ],
    [
      "",
      "Eppo",
      KEY,
      "without an environment, and none is the default",
      { known: "first, second" },
    ],
    ["/second", "Eppo", KEY, "with the vendor's key, but the environment lists tokens", {}],
    ["/second", "Eppo", "bar", "with a wrong token", {}],
  ] as const)(
    "at %j of %s have the cause of a refusal in the log",
    async (path, vendor, key, cause, facts) => {
      const { server } = await serverOf("Eppo");
      const own = ENVIRONMENTS.Eppo(server.url);
      const environments = [
        { ...own, name: "first" },
        { ...own, name: "second", tokens: TOKENS },
      ];
      const relay = await relayOf({ environments });
      const response = await ask(`${relay.url}${path}`, vendor, { key });
      expect([response.status, await response.json()]).toEqual([401, { message: TOKEN_REFUSED }]);
      const [line = "{}"] = relay.log.filter((it) => it.includes(`requests ${cause}`));
      expect(JSON.parse(line)).toMatchObject({ count: 1, ...facts });
    },
  );

  it("are rejected if they are for another PostHog project, because the relay's key may read several", async () => {
    const { server } = await serverOf("PostHog");
    const relay = await relayOf({ environments: [ENVIRONMENTS.PostHog(server.url)] });
    const headers = { authorization: `Bearer ${KEY}` };
    const foreign = await fetch(`${relay.url}/flags/definitions?token=phc_other`, { headers });
    expect(foreign.status).toBe(401);
    expect(relay.log.join("")).not.toContain("lacks a scope");
    const older = await fetch(`${relay.url}/api/feature_flag/local_evaluation?token=${PROJECT}`, {
      headers,
    });
    expect(older.status).toBe(200);
  });
});

it.each([
  [
    "/shop/api/flag-config/v1/config",
    "the path must be /ENVIRONMENT/flag-config/v1/config, so end the SDK's address",
  ],
  [
    "/ofrep/v1/ofrep/v1/evaluate/flags/a",
    "the path must be /ENVIRONMENT/ofrep/v1/evaluate/flags, so end the SDK's address",
  ],
  ["//flag-config/v1/config", "remove the slash at the end of the SDK's address"],
  ["/metrics", "/metrics is served at admin.listen"],
  ["/shop/healthz", "use /livez or /readyz"],
])("the response for %s says what to write", async (path, advice) => {
  const { server } = await serverOf("Eppo");
  const relay = await relayOf({ environments: [ENVIRONMENTS.Eppo(server.url)] });
  const response = await fetch(`${relay.url}${path}`);
  expect([response.status, await response.json()]).toEqual([
    404,
    { message: expect.stringContaining(`there is no such path: ${advice}`) },
  ]);
});

it("the log says why a web page or a client with TLS gets no response", async () => {
  const { server } = await serverOf("Eppo");
  const relay = await relayOf({ environments: [ENVIRONMENTS.Eppo(server.url)] });
  await ask(relay.url, "Eppo", { method: "OPTIONS", origin: "https://other.example" });
  await expect(fetch(relay.url.replace("http:", "https:"))).rejects.toThrow();
  const lines = relay.log.map((it) => JSON.parse(it));
  expect(lines).toContainEqual(
    expect.objectContaining({
      ...{ msg: "requests from web pages whose origin is not in origins", level: "warn" },
      ...{ environment: "eppo", origin: "https://other.example" },
    }),
  );
  expect(lines).toContainEqual(
    expect.objectContaining({
      msg: "requests over TLS, which the relay does not terminate: write http:// in the SDK's address",
    }),
  );
});

it("a large response is compressed for clients that accept gzip, and has its own tag", async () => {
  const { flags, server } = await serverOf("GrowthBook");
  for (let i = 0; i < 50; i++) flags.boolean(`flag-${i}`).on();
  const relay = await relayOf({ environments: [ENVIRONMENTS.GrowthBook(server.url)] });
  const url = `${relay.url}/api/features/${KEY}`;
  const zipped = await fetch(url, { headers: { "accept-encoding": "gzip" } });
  expect(zipped.headers.get("content-encoding")).toBe("gzip");
  expect(zipped.headers.get("etag")).toMatch(/^"[0-9a-f]{64}-gzip"$/);
  expect(Number(zipped.headers.get("content-length"))).toBeLessThan(flags.payload().length);
  expect(await zipped.text()).toBe(flags.payload());
  for (const accepted of ["identity", "gzip;q=0", "br"]) {
    const plain = await fetch(url, { headers: { "accept-encoding": accepted } });
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect(await plain.text()).toBe(flags.payload());
  }
});

ifWhole(it)("a load balancer can use HTTP/1.0 without a Host", async () => {
  const { server } = await serverOf("Eppo");
  const relay = await relayOf({ environments: [ENVIRONMENTS.Eppo(server.url)] });
  for (const path of ["/livez", "/readyz", `/flag-config/v1/config?apiKey=${KEY}`]) {
    const answer = await rawExchange(relay.address.port, `GET ${path} HTTP/1.0\r\n\r\n`);
    expect(statusOf(answer)).toBe(200);
  }
});

ifWhole(it)("a client that offers HTTP/2 gets a response in HTTP/1.1", async () => {
  const { server } = await serverOf("Eppo");
  const relay = await relayOf({ environments: [ENVIRONMENTS.Eppo(server.url)] });
  const offer =
    "connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQ\r\n";
  const request = `GET /readyz HTTP/1.1\r\nhost: relay\r\n${offer}\r\n`;
  const answer = await rawExchange(relay.address.port, request);
  expect(statusOf(answer)).toBe(200);
});
