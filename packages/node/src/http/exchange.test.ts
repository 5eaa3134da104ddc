import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createClock, type HttpResponse } from "@sortition/core/internal";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { withAbortDeadline } from "./abort-deadline.js";
import { Exchange } from "./exchange.js";
import { HttpTransport } from "./http-transport.js";
import { NodeSender } from "./senders/node-sender.js";
import { UndiciSender } from "./senders/undici-sender.js";

/** How the server handles the first request of a connection, and later ones. */
let onFirst: (socket: Socket) => void;
let onLater: (socket: Socket) => void;
let requests: string[] = [];
let url: string;
let end: () => Promise<void>;

const answers = (socket: Socket): void =>
  void socket.write("HTTP/1.1 200 OK\r\nkeep-alive: timeout=60\r\ncontent-length: 2\r\n\r\nok");
const closes = (socket: Socket): void => void socket.destroy();
const resets = (socket: Socket): void => void socket.resetAndDestroy();

beforeEach(async () => {
  requests = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let count = 0;
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      requests.push(chunk.toString("latin1").split(" ")[0] ?? "");
      count += 1;
      (count === 1 ? onFirst : onLater)(socket);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo; // it listens on TCP
  url = `http://127.0.0.1:${port}/`;
  end = async () => {
    for (const socket of sockets) socket.destroy();
    await once(server.close(), "close");
  };
});

afterEach(() => end());

const asked = { what: "configuration", option: null, route: "direct" } as const;
const byUndici = { connections: 1, proxy: null, sockets: {} };

describe.each([
  {
    name: "an exchange by undici",
    create: () => new Exchange(new UndiciSender(null, byUndici), asked),
  },
  { name: "an exchange by node:http", create: () => new Exchange(new NodeSender(), asked) },
])("$name over a connection that the server closes", ({ create }) => {
  let transport: Pick<HttpTransport, "request" | "release">;
  let idleMs = 0;

  beforeEach(() => {
    transport = create();
    idleMs = 0;
    const uptime = process.uptime.bind(process);
    vi.spyOn(process, "uptime").mockImplementation(() => uptime() + idleMs / 1_000);
  });

  afterEach(() => {
    transport.release();
    vi.restoreAllMocks();
  });

  function send(method = "GET"): Promise<HttpResponse> {
    const message = { url: new URL(url), method, headers: {}, maxBodyBytes: 1_000 };
    const { signal } = new AbortController();
    return withAbortDeadline({ clock: createClock(), timeoutMs: 5_000, signal }, (ended) =>
      transport.request({ ...message, signal: ended }),
    );
  }

  /** Completes a first request, so that the connection is idle afterwards. */
  async function sendFirst(method?: string): Promise<void> {
    onFirst = answers;
    await send(method);
    idleMs = 1_000;
  }

  it.each([
    { how: "closes", act: closes },
    { how: "resets", act: resets },
  ])("repeats a GET when the server $how an idle connection", async ({ act }) => {
    await sendFirst();
    onLater = act;
    const { status, body } = await send();
    expect([status, Buffer.from(body).toString()]).toEqual([200, "ok"]);
    expect(requests).toEqual(["GET", "GET", "GET"]);
  });

  it("repeats a GET when the server closes an idle connection again", async () => {
    await sendFirst();
    onLater = closes;
    for (let i = 0; i < 3; i++) {
      expect((await send()).status).toBe(200);
      idleMs += 1_000;
    }
    expect(requests).toHaveLength(7);
  });

  it("does not repeat a POST, which may have taken effect", async () => {
    await sendFirst("POST");
    onLater = closes;
    await expect(send("POST")).rejects.toMatchObject({ code: "SORTITION_NETWORK" });
    expect(requests).toEqual(["POST", "POST"]);
  });

  it("repeats a GET only once per outage", async () => {
    await sendFirst();
    onFirst = closes;
    onLater = closes;
    for (let i = 0; i < 3; i++) {
      await expect(send()).rejects.toMatchObject({ code: "SORTITION_NETWORK" });
      idleMs += 1_000;
    }
    expect(requests).toEqual(["GET", "GET", "GET", "GET", "GET"]);
  });

  it("does not repeat a request if the connection was not idle", async () => {
    await sendFirst();
    idleMs = 0;
    onLater = closes;
    await expect(send()).rejects.toMatchObject({ code: "SORTITION_NETWORK" });
    expect(requests).toEqual(["GET", "GET"]);
  });

  it("does not repeat a request that is not for a configuration", async () => {
    transport.release();
    transport = new HttpTransport();
    await sendFirst();
    onLater = closes;
    await expect(send()).rejects.toMatchObject({ code: "SORTITION_NETWORK" });
    expect(requests).toEqual(["GET", "GET"]);
  });

  it("does not repeat a request after an error or over a new connection", async () => {
    onFirst = (socket) =>
      void socket.write("HTTP/1.1 500 No\r\nkeep-alive: timeout=60\r\ncontent-length: 0\r\n\r\n");
    await send();
    idleMs = 1_000;
    onLater = closes;
    await expect(send()).rejects.toMatchObject({ code: "SORTITION_NETWORK" });
    expect(requests).toEqual(["GET", "GET"]);
    onFirst = (socket) =>
      void socket.end("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok");
    await send();
    idleMs += 1_000;
    onFirst = closes;
    await expect(send()).rejects.toMatchObject({ code: "SORTITION_NETWORK" });
    expect(requests).toEqual(["GET", "GET", "GET", "GET"]);
  });

  it("does not repeat a request after a release", async () => {
    await sendFirst();
    onLater = () => transport.release();
    await expect(send()).rejects.toMatchObject({ code: "SORTITION_NETWORK" });
    expect(requests).toEqual(["GET", "GET"]);
  });
});
