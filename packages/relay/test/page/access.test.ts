import { request } from "node:http";
import { describe, expect, it } from "vitest";
import { urlOf } from "../../src/config/listen.js";
import { serverOf } from "../formats.js";
import { ENVIRONMENTS, relayOf, type TestRelay, VARIABLES } from "../start.js";
import { Visitor } from "./visitor.js";

const PATHS: readonly (readonly [method: string, path: string])[] = [
  ...["/", "/page", "/page/style.css", "/page/eppo/subject", "/page/eppo/flags"].map(get),
  ...["/page/eppo/flag?key=checkout", "/page/eppo/changes", "/page/eppo/change"].map(get),
  ...["/api/v1/environments", "/api/v1/flags", "/api/v1/flags/checkout"].map(get),
  ...["/api/v1/changes", "/api/v1/changes/x"].map(get),
  ...["/page/eppo/subject", "/page/eppo/subject/text", "/api/v1/explain"].map(post),
];

function get(path: string): readonly ["GET", string] {
  return ["GET", path];
}

function post(path: string): readonly ["POST", string] {
  return ["POST", path];
}

async function start(
  admin: object = {},
): Promise<{ readonly relay: TestRelay; readonly visitor: Visitor }> {
  const { server } = await serverOf("Eppo");
  const relay = await relayOf({
    admin: { listen: 0, ...admin },
    environments: [ENVIRONMENTS.Eppo(server.url)],
  });
  return { relay, visitor: new Visitor(relay) };
}

/** Sends a request with any `Host`, which `fetch` does not allow. */
function statusAt(relay: TestRelay, method: string, path: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const url = `${urlOf(relay.adminAddress)}${path}`;
    const asking = request(url, { method, headers: { host }, agent: false });
    asking.on("error", reject).on("response", (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asking.end();
  });
}

it("every page and every API address requires the password", async () => {
  const { relay } = await start({ password: { env: "PASSWORD" } });
  for (const [method, path] of PATHS) {
    const answer = await fetch(`${urlOf(relay.adminAddress)}${path}`, { method });
    expect([path, answer.status]).toEqual([path, 401]);
    await answer.arrayBuffer();
  }
});

it("every page and every API address rejects another Host", async () => {
  const { relay } = await start();
  for (const [method, path] of PATHS) {
    expect([path, await statusAt(relay, method, path, "evil.example")]).toEqual([path, 421]);
  }
});

describe("a form", () => {
  it("of another origin is rejected", async () => {
    const { visitor } = await start();
    const given: readonly Readonly<Record<string, string>>[] = [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: "http://127.0.0.1:1" },
    ];
    for (const headers of given) {
      for (const path of ["/page/eppo/subject", "/page/eppo/subject/text", "/api/v1/explain"]) {
        const { status } = await visitor.post(path, { key: "user-1" }, headers);
        expect([headers, status]).toEqual([headers, 403]);
      }
    }
  });

  it("of the page itself is accepted", async () => {
    const { relay, visitor } = await start();
    const headers = { "sec-fetch-site": "same-origin", origin: urlOf(relay.adminAddress) };
    const { status } = await visitor.post("/page/eppo/subject", { key: "user-1" }, headers);
    expect(status).toBe(200);
    expect(relay.log.join("")).not.toContain(VARIABLES.KEY);
  });
});

describe("pages", () => {
  it("have a policy, are not cached, and refer to no other host", async () => {
    const { visitor } = await start();
    const { headers } = await visitor.get("/page/eppo/flags");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("referrer-policy")).toBe("same-origin");
  });
});
