import { connect } from "node:net";
import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { ifWhole, isInPart } from "@sortition/test-kit";
import { sendHostileRequests } from "@sortition/test-kit/hostile-requests";
import { describe, expect, it } from "vitest";
import { urlOf } from "../src/config/listen.js";
import { serverOf } from "./formats.js";
import { askAll, evaluating } from "./ofrep/ground.js";
import { openStream } from "./open-stream.js";
import { rawExchange, statusOf } from "./raw.js";
import { ENVIRONMENTS, relayOf, VARIABLES } from "./start.js";

const { KEY, PASSWORD, SERVER_TOKEN } = VARIABLES;

describe("streams", () => {
  it("of one environment cannot use up those of another", async () => {
    const { server } = await serverOf("GrowthBook");
    const own = ENVIRONMENTS.GrowthBook(server.url);
    const names = ["first", "second"];
    const environments = names.map((name) => ({ ...own, name }));
    const relay = await relayOf({ environments, maxStreams: 4 });
    const open = async (name: string) =>
      (await openStream(`${relay.url}/${name}/sub/${KEY}`)).status;
    expect([await open("first"), await open("first"), await open("first")]).toEqual([
      200, 200, 503,
    ]);
    expect([await open("second"), await open("second")]).toEqual([200, 200]);
  });

  it("with tickets leave half of the environment's streams to SDKs", async () => {
    const environment = evaluating("growthbook", PAYLOADS.growthbook, { maxStreams: 3 });
    const relay = await relayOf({ environments: [environment] });
    const { eventStreams } = (await (await askAll(relay.url, { targetingKey: "a" })).json()) as {
      readonly eventStreams: readonly [{ readonly endpoint: { readonly requestUri: string } }];
    };
    const page = `${relay.url}${eventStreams[0].endpoint.requestUri}`;
    const statuses: number[] = [];
    for (let i = 0; i < 2; i++) statuses.push((await openStream(page)).status);
    const third = await openStream(page);
    expect([...statuses, third.status]).toEqual([200, 200, 503]);
    expect(third.headers.get("retry-after")).toBe("5");
    expect((await openStream(`${relay.url}/sub/${SERVER_TOKEN}`)).status).toBe(200);
  });
});

describe("a request", () => {
  it.each(["/readyz", "/api/events", "/ofrep/v1/evaluate/flags"].filter((_, i) => isInPart(i, 2)))(
    "to %s that no browser sends is refused, and the relay serves the next one",
    async (path) => {
      const environment = evaluating("growthbook", PAYLOADS.growthbook);
      const relay = await relayOf({ environments: [environment] });
      for (const address of [relay.address, relay.adminAddress]) {
        const statuses = await sendHostileRequests(urlOf(address) + path);
        const served = Object.entries(statuses).filter(([, it]) => it >= 500 || it === 200);
        expect(served).toEqual([]);
      }
      expect((await fetch(`${relay.url}/readyz`)).status).toBe(200);
    },
  );

  it("with two Host headers gets 400, because it is ambiguous", async () => {
    const { server } = await serverOf("Eppo");
    const relay = await relayOf({ environments: [ENVIRONMENTS.Eppo(server.url)] });
    const request = "GET /readyz HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n";
    expect(statusOf(await rawExchange(relay.address.port, request))).toBe(400);
  });

  ifWhole(it)("is aborted if its headers are not received within 10 s", async () => {
    const { server } = await serverOf("Eppo");
    const relay = await relayOf({ environments: [ENVIRONMENTS.Eppo(server.url)] });
    const startedAtMs = performance.now();
    const socket = connect(relay.address.port, "127.0.0.1");
    socket.on("error", () => {}).resume();
    socket.write("GET /readyz HTTP/1.1\r\nhost: relay\r\n");
    await new Promise((resolve) => socket.once("close", resolve));
    const tookMs = performance.now() - startedAtMs;
    expect(tookMs).toBeGreaterThan(9_000);
    // Without a limit of its own, Node.js ends the request after 60 s.
    expect(tookMs).toBeLessThan(59_000);
  });
});

describe("the admin listener", () => {
  const basic = (password: string) => ({
    authorization: `Basic ${Buffer.from(`:${password}`).toString("base64")}`,
  });

  ifWhole(it)("accepts a body that is sent in chunks", async () => {
    const { flags, server } = await serverOf("Eppo");
    flags.boolean("new").on();
    const relay = await relayOf({ environments: [ENVIRONMENTS.Eppo(server.url)] });
    const body = JSON.stringify({ subjectKey: "alice" });
    const head =
      "POST /api/v1/explain HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n";
    const answer = await rawExchange(
      relay.adminAddress.port,
      head,
      `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    );
    expect(statusOf(answer)).toBe(200);
    expect(answer).toContain('"new"');
  });

  it("delays wrong passwords, but not the right one", async () => {
    const { server } = await serverOf("Eppo");
    const relay = await relayOf({
      admin: { listen: 0, password: { env: "PASSWORD" } },
      environments: [ENVIRONMENTS.Eppo(server.url)],
    });
    const url = `${urlOf(relay.adminAddress)}/status`;
    const startedAtMs = performance.now();
    for (let i = 0; i < 4; i++) {
      expect((await fetch(url, { headers: basic(`guess-${i}`) })).status).toBe(401);
    }
    // 100, 200, 400 and 800 ms.
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(1_490);
    // Usually, the right one takes a hundredth of the time of this one, which is 1.6 s.
    const slow = fetch(url, { headers: basic("guess-5") });
    const right = await Promise.race([slow, fetch(url, { headers: basic(PASSWORD) })]);
    expect(right.status).toBe(200);
    expect((await slow).status).toBe(401);
    const lines = relay.log.filter((line) => line.includes("wrong passwords"));
    expect(lines).toHaveLength(1);
    expect(relay.log.join("")).not.toContain("guess-");
  });
});

describe("a bulk response", () => {
  it("is compressed, and gets 304 for weak tags, lists and *", async () => {
    const relay = await relayOf({ environments: [evaluating("eppo", PAYLOADS.eppo)] });
    const gzip = { "accept-encoding": "gzip" };
    const zipped = await askAll(relay.url, { targetingKey: "a" }, gzip);
    expect(zipped.headers.get("content-encoding")).toBe("gzip");
    const etag = zipped.headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[0-9a-f]{64}-gzip"$/);
    const plain = await askAll(relay.url, { targetingKey: "a" }, { "accept-encoding": "identity" });
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect(await plain.json()).toEqual(await zipped.json());
    for (const tags of [etag, `W/${etag}`, `"other", ${plain.headers.get("etag")}`, "*"]) {
      const same = await askAll(relay.url, { targetingKey: "a" }, { "if-none-match": tags });
      expect([tags, same.status, await same.text()]).toEqual([tags, 304, ""]);
    }
    const other = await askAll(relay.url, { targetingKey: "b" }, { "if-none-match": '"other"' });
    expect(other.status).toBe(200);
  });
});
