import { once } from "node:events";
import { createServer, type RequestListener, request as requestOf } from "node:http";
import type { AddressInfo } from "node:net";
import type { Client } from "@sortition/core";
import { testFlags } from "@sortition/testing";
import express from "express";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { nodeHandler, type RouteHandler, type WebFlagsOptions, webFlags } from "../src/server.js";
import { describeFlags, factsOf, loggedClient } from "./support/flags.js";
import { postBody, postShown } from "./support/post.js";
import { newSecret } from "./support/secrets.js";

const SEAL = { audience: "shop-test", secrets: [newSecret()] };
const DEFAULTS = { checkout: "none", search: "none" };

function webOf(client: Client, options: Partial<WebFlagsOptions<Request>> = {}) {
  const subject = { subjectKey: "alice", attributes: { plan: "pro" } };
  return webFlags({ client, ...SEAL, subject: () => subject, ...options });
}

/** A shop whose visitor gets `fast`. */
function shop() {
  const flags = testFlags();
  describeFlags(flags, { fast: 100, standard: 0 });
  const logged = loggedClient(flags);
  return { flags, ...logged, web: webOf(logged.client) };
}

describe("POST", () => {
  it("logs what was shown once, although the process that receives it has another configuration", async () => {
    const native = shop();
    native.client.getStringAssignment("checkout", "alice", { plan: "pro" }, "none");
    const rendering = shop();
    const receiving = shop();
    describeFlags(receiving.flags, { fast: 0, standard: 100 });
    const shown = await rendering.web.snapshot(DEFAULTS);
    for (let i = 0; i < 3; i++) {
      expect(await postShown(receiving.web.POST, shown, ["checkout", "checkout"])).toBe(204);
    }
    expect(factsOf(receiving.events)).toEqual(factsOf(native.events));
    expect(receiving.events).toMatchObject([
      { variation: "fast", subjectAttributes: { plan: "pro" } },
    ]);
    expect(receiving.client.status.counters.web).toMatchObject({ posts: 3, malformed: 0 });
    // A second process logs it again, but its event has the same ID.
    const second = shop();
    await postShown(second.web.POST, shown, ["checkout"]);
    expect(second.events[0]?.messageId).toBe(receiving.events[0]?.messageId);
  });

  it("answers 400, 405, 410 or 413, counts why, and logs nothing", async () => {
    const { client, events, web } = shop();
    const { POST } = web;
    const token = (await web.snapshot(DEFAULTS)).token ?? "";
    const other = await webOf(client, { audience: "other" }).snapshot(DEFAULTS);
    const old = await webOf(client, { maxAgeSeconds: 1e-9 }).snapshot(DEFAULTS);
    const bodies = ["", "{", "null", "7", "[]", "{}", JSON.stringify({ t: token })];
    const lists = ["checkout", [7], { 0: "checkout" }, null].map((f) =>
      JSON.stringify({ t: token, f }),
    );
    const tokens = [null, 7, "", "1.", "1.AAAA"].map((t) => JSON.stringify({ t, f: [] }));
    for (const body of [...bodies, ...lists, ...tokens])
      expect(await postBody(POST, body)).toBe(400);
    expect(await postShown(POST, other, ["checkout"])).toBe(400);
    await new Promise((resolve) => setTimeout(resolve, 1_001 - (Date.now() % 1_000)));
    expect(await postShown(POST, old, ["checkout"])).toBe(410);
    expect(await postBody(POST, "x".repeat(16_385))).toBe(413);
    expect((await POST(new Request("https://shop.example/"))).status).toBe(405);
    expect(await postShown(POST, { ...other, token }, ["absent"])).toBe(204);
    expect(events).toEqual([]);
    expect(client.status.counters.web).toMatchObject({
      malformed: 16,
      forged: 1,
      expired: 1,
      tooLarge: 1,
      unknownFlags: 1,
      posts: 1,
    });
  });

  it("answers 4xx to any other body", async () => {
    const { events, web } = shop();
    const { token } = await web.snapshot(DEFAULTS);
    const odd = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.json(),
      fc.record({ t: fc.jsonValue(), f: fc.jsonValue() }).map((it) => JSON.stringify(it)),
      // A valid token, but no list of keys.
      fc
        .jsonValue()
        .filter((f) => !Array.isArray(f) || !f.every((it) => typeof it === "string"))
        .map((f) => JSON.stringify({ t: token, f })),
      fc.uint8Array().map((it) => new Uint8Array(it)),
    );
    await fc.assert(
      fc.asyncProperty(odd, async (body) => {
        const status = await postBody(web.POST, body);
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
      }),
    );
    expect(events).toEqual([]);
  });

  it("refuses a body of 1 GB while it is read", async () => {
    const { client, web } = shop();
    let sent = 0;
    const chunk = new Uint8Array(8_192);
    const body = new ReadableStream({
      pull(controller) {
        sent += chunk.length;
        if (sent > 2 ** 30) controller.close();
        else controller.enqueue(chunk);
      },
    });
    expect(await postBody(web.POST, body)).toBe(413);
    expect(sent).toBeLessThan(100_000);
    expect(client.status.counters.web?.tooLarge).toBe(1);
  });

  it("answers 503 if the exposures cannot be logged, so that the browser tries again", async () => {
    const { client, events, web } = shop();
    const shown = await web.snapshot(DEFAULTS);
    const failing = shop();
    failing.client.setAssignmentLogger({
      logAssignment() {
        throw new Error("the pipeline is down");
      },
    });
    expect(await postShown(failing.web.POST, shown, ["checkout"])).toBe(503);
    expect(await postShown(web.POST, shown, ["checkout"])).toBe(204);
    await client.close();
    expect(await postShown(web.POST, shown, ["search"])).toBe(503);
    expect(events).toHaveLength(1);
  });
});

/** Starts a server on a free port. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/exposures`;
}

/** The ways to serve a route on Node. */
const SERVERS: readonly (readonly [string, (route: RouteHandler) => RequestListener])[] = [
  ["node:http", (route) => nodeHandler(route)],
  ["Express", (route) => express().post("/api/exposures", nodeHandler(route))],
  [
    "an Express router behind body parsers",
    (route) => {
      const router = express.Router().post("/exposures", nodeHandler(route));
      return express().use(express.text(), express.json()).use("/api", router);
    },
  ],
];

describe.each(SERVERS)("nodeHandler in %s", (_, listenerOf) => {
  it("answers like the route", async () => {
    const { events, web } = shop();
    const url = await serve(listenerOf(web.POST));
    const body = JSON.stringify({ t: (await web.snapshot(DEFAULTS)).token, f: ["checkout"] });
    const types = ["text/plain;charset=UTF-8", "application/json", "application/octet-stream"];
    for (const type of types) {
      const response = await fetch(url, {
        method: "POST",
        body,
        headers: { "content-type": type },
      });
      expect(response.status).toBe(204);
      expect(response.headers.get("cache-control")).toBe("no-store");
    }
    expect(events).toHaveLength(1);
    expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(400);
  });
});

describe("nodeHandler", () => {
  it("refuses a body of 1 GB while it is read, and closes the connection", async () => {
    const { web } = shop();
    const url = await serve(nodeHandler(web.POST));
    const request = requestOf(url, { method: "POST" });
    const chunk = Buffer.alloc(65_536);
    let sent = 0;
    let isClosed = false;
    const ended = new Promise<void>((resolve) => {
      request.on("error", () => resolve()).on("close", resolve);
    });
    const answered = once(request, "response");
    void ended.then(() => {
      isClosed = true;
    });
    while (!isClosed && sent < 2 ** 30) {
      sent += chunk.length;
      if (!request.write(chunk)) {
        await Promise.race([new Promise((resolve) => request.once("drain", resolve)), ended]);
      }
    }
    const [response] = await answered;
    expect(response.statusCode).toBe(413);
    // Buffers of the two sockets hold several MB.
    expect(sent).toBeLessThan(2 ** 26);
  });
});
