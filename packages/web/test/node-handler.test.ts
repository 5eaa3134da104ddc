import { once } from "node:events";
import { createServer, type RequestListener, request as requestOf } from "node:http";
import type { AddressInfo, Server } from "node:net";
import type { Client } from "@sortition/core";
import { sendHostileRequests } from "@sortition/test-kit/hostile-requests";
import { testFlags } from "@sortition/testing";
import express from "express";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { NodeRequest } from "../src/server/node-request.js";
import { nodeHandler, type RouteHandler, webFlags } from "../src/server.js";
import { describeFlags, loggedClient } from "./support/flags.js";
import { newSecret } from "./support/secrets.js";

const SEAL = { audience: "shop-test", secrets: [newSecret()] };
const PATH = "/api/exposures";

/** A shop whose visitor gets `fast`. */
function shop(client?: () => Promise<Client>) {
  const flags = testFlags();
  describeFlags(flags, { fast: 100, standard: 0 });
  const errors: string[] = [];
  const diagnostics = {
    ...{ debug() {}, info() {}, warn() {} },
    error: (message: string) => void errors.push(message),
  };
  const logged = loggedClient(flags, { diagnostics });
  const subject = () => ({ subjectKey: "alice" });
  const web = webFlags({ client: client ?? logged.client, ...SEAL, subject });
  const body = async (): Promise<string> => {
    const { token } = await web.snapshot({ checkout: "none" }, new Request("http://x"));
    return JSON.stringify({ t: token, f: [0] });
  };
  return { ...logged, body, errors, web };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`;
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return await listen(server);
}

it("nodeHandler refuses what is not a route, such as all members of webFlags", () => {
  expect(() => nodeHandler(shop().web as never)).toThrow("write nodeHandler(POST)");
});

describe("nodeHandler", () => {
  // Express, Koa, Nest and Fastify are in the tests of the packed packages.
  it.each([
    { name: "node:http", parse: () => ({}) },
    { name: "a parser that sets a body which it did not read", parse: () => ({ body: {} }) },
  ])("answers like the route behind $name", async ({ parse }) => {
    const { body, events, web } = shop();
    const url = await serve((request, response) =>
      nodeHandler(web.POST)(Object.assign(request, parse()), response),
    );
    const types = ["text/plain;charset=UTF-8", "application/json", "application/octet-stream"];
    for (const type of types) {
      const response = await fetch(url, {
        method: "POST",
        body: await body(),
        headers: { "content-type": type },
      });
      expect(response.status).toBe(204);
      expect(response.headers.get("cache-control")).toBe("no-store");
    }
    expect(events).toHaveLength(1);
    expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(400);
  });

  it("answers hostile requests, and counts those that were aborted", async () => {
    const { client, web } = shop();
    const statuses = await sendHostileRequests(await serve(nodeHandler(web.POST)));
    expect(statuses).toMatchObject({ TRACE: 405, "no Host": 400 });
    await expect.poll(() => client.status.counters.web?.aborted).toBe(2);
  });

  it("never rejects or responds if another handler has responded", async () => {
    const handling: Promise<void>[] = [];
    const url = await serve((request, response) => {
      handling.push(nodeHandler(() => Promise.resolve(Response.json({})))(request, response));
      response.writeHead(202).end();
    });
    expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(202);
    await Promise.all(handling);
  });

  it.each([
    { parsed: "a=1", text: "a=1" },
    { parsed: new TextEncoder().encode("a=1"), text: "a=1" },
    { parsed: { a: 1, b: "ü" }, text: '{"a":1,"b":"ü"}', ofForm: "a=1&b=%C3%BC" },
    { parsed: [1], text: "[1]", ofForm: "0=1" },
    ...[null, 5, false].map((parsed) => ({ parsed, text: "", ofForm: "" })),
  ])("passes on a body that a parser read as $parsed", async ({ parsed, text, ofForm = text }) => {
    const texts: string[] = [];
    const handler = nodeHandler(async (request) => {
      texts.push(await request.text());
      return new Response(null, { status: 204 });
    });
    const response = { statusCode: 0, setHeader() {}, end() {} };
    for (const type of ["application/json", " Application/X-WWW-Form-URLencoded; charset=utf-8"]) {
      const headers = { host: "shop.example", "content-type": type };
      const request = { method: "POST", url: PATH, headers, readableEnded: true };
      const ofExpress = { ...request, body: parsed } as unknown as NodeRequest;
      const ofKoa = { req: request as unknown as NodeRequest, body: parsed };
      for (const it of [ofExpress, ofKoa]) await handler(it, response);
    }
    expect(texts).toEqual([text, text, ofForm, ofForm]);
  });

  it.each([
    { kept: "{}", keep: () => ({ body: {} }), status: 400, consumed: 1 },
    {
      kept: "rawBody",
      keep: (rawBody: string) => ({ rawBody, body: {} }),
      status: 204,
      consumed: 0,
    },
  ])("answers $status if a logger read the stream and kept $kept", async (row) => {
    const { body, client, web } = shop();
    const url = await serve(async (request, response) => {
      const text = Buffer.concat(await request.toArray()).toString();
      await nodeHandler(web.POST)(Object.assign(request, row.keep(text)), response);
    });
    expect((await fetch(url, { method: "POST", body: await body() })).status).toBe(row.status);
    const { consumed } = row;
    expect(client.status.counters.web).toMatchObject({ consumed, malformed: 0 });
  });

  it("keeps the cookies of earlier middleware", async () => {
    const { web } = shop();
    const url = await serve((request, response) => {
      response.setHeader("set-cookie", "session=1");
      void nodeHandler(web.overrides.POST)(request, response);
    });
    const headers = { "sec-fetch-site": "same-origin" };
    const body = new URLSearchParams({ remove: "all" });
    const response = await fetch(url, { method: "POST", headers, body, redirect: "manual" });
    expect(response.headers.getSetCookie()).toEqual([
      "session=1",
      expect.stringMatching(/^sortition_overrides=;/),
    ]);
  });

  it.each(["setHeader", "end"] as const)("never rejects if a wrapped %s throws", async (name) => {
    const { errors, web } = shop();
    const response = { statusCode: 0, setHeader() {}, end() {} };
    response[name] = () => {
      throw new Error("the session cannot be saved");
    };
    const request = { method: "GET", url: PATH, headers: { host: "x" } };
    await nodeHandler(web.POST)(request as unknown as NodeRequest, response);
    expect(errors).toEqual([expect.stringContaining("the session cannot be saved")]);
  });
});

describe("nodeHandler of a route that fails", () => {
  const failing = () => Promise.reject(new Error("not initialized"));

  it("passes the error to next", async () => {
    const { web } = shop(failing);
    const app = express().post(PATH, nodeHandler(web.POST));
    app.use(((error, _request, response, _next) => {
      response.status(418).send(error.message);
    }) as express.ErrorRequestHandler);
    const response = await fetch(await serve(app), { method: "POST" });
    expect([response.status, await response.text()]).toEqual([418, "not initialized"]);
  });

  it("responds with 500 elsewhere, and reports it to diagnostics, or to the console without a client", async () => {
    const consoleError = vi.spyOn(console, "error").mockImplementation(() => {});
    onTestFinished(() => consoleError.mockRestore());
    const working = shop();
    const { POST } = webFlags({
      client: working.client,
      audience: "",
      secrets: [],
      subject: () => null,
    });
    const noClient = shop(failing).web.POST;
    for (const route of [POST, noClient]) {
      const response = await fetch(await serve(nodeHandler(route)), { method: "POST" });
      expect(response.status).toBe(500);
    }
    expect(working.errors).toEqual([
      expect.stringMatching(/a route .* failed.*: audience: expected/),
    ]);
    expect(consoleError.mock.calls).toEqual([[expect.stringMatching(/failed.*: not initialized/)]]);
  });
});

describe("nodeHandler", () => {
  it.each([
    { origin: "http://request.invalid", host: undefined, status: 403 },
    { origin: "http://localhost", host: undefined, status: 403 },
    { origin: "http://localhost", host: "shop.example", status: 403 },
    { origin: "https://shop.example", host: "Shop.example:443", status: 303 },
  ])(
    "compares the origin $origin with the host $host, never with its own address",
    async ({ host, origin, status }) => {
      const response = {
        statusCode: 0,
        headersSent: false,
        setHeader() {},
        end() {},
        send() {}, // Express has it
      };
      const request = {
        ...{ method: "POST", url: "/api/overrides", httpVersionMajor: 1 },
        headers: { origin, host, "content-type": "application/x-www-form-urlencoded" },
        ...{ body: { remove: "all" }, readableDidRead: true, readableEnded: true },
        async *[Symbol.asyncIterator]() {},
      };
      await nodeHandler(shop().web.overrides.POST)(request, response);
      expect(response.statusCode).toBe(status);
    },
  );

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

describe("a route without nodeHandler", () => {
  it.each(["POST", "overrides.GET", "overrides.POST"])("says so: %s", async (name) => {
    const { web } = shop();
    const routes: Readonly<Record<string, RouteHandler>> = {
      POST: web.POST,
      "overrides.GET": web.overrides.GET,
      "overrides.POST": web.overrides.POST,
    };
    const request = { method: "POST", url: PATH, headers: { host: "x" } };
    await expect(routes[name]?.(request as never)).rejects.toThrow(
      `request: is not a Request: write nodeHandler(${name})`,
    );
  });
});
