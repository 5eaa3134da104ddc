import { describe, expect, it } from "vitest";
import { urlOf } from "../../src/config/listen.js";
import { serverOf } from "../formats.js";
import { ENVIRONMENTS, relayOf, type TestRelay, VARIABLES } from "../start.js";
import { Visitor } from "./visitor.js";

async function start(): Promise<{ readonly relay: TestRelay; readonly visitor: Visitor }> {
  const { server } = await serverOf("Eppo");
  const relay = await relayOf({
    admin: { listen: 0 },
    environments: [ENVIRONMENTS.Eppo(server.url)],
  });
  return { relay, visitor: new Visitor(relay) };
}

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
