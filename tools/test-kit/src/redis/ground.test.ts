import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { startTcpProxy, type TcpProxy } from "./proxy.js";
import { RespConnection, textOf } from "./resp.js";
import { hasRedis, startRedis } from "./server.js";
import { startVendor } from "./vendor.js";

describe.skipIf(!hasRedis).concurrent("startRedis", () => {
  it("starts a private server, which can be killed and restarted empty", async () => {
    await using server = await startRedis();
    expect(await server.command("SET", "a", "é")).toBe("OK");
    expect(await server.command("GET", "a")).toBe("é");
    expect(await server.commandBuffer("GET", "a")).toEqual(Buffer.from("é"));
    expect(await server.command("EVAL", "return {1, {'x', false}}", 0)).toEqual([1, ["x", null]]);
    await expect(server.command("NOPE")).rejects.toThrow("ERR unknown command");
    expect((await server.version())[0]).toBeGreaterThanOrEqual(6);
    await server.kill();
    await expect(server.command("PING")).rejects.toThrow();
    await server.start();
    expect(await server.command("GET", "a")).toBeNull();
  });

  it("records commands", async () => {
    await using server = await startRedis();
    const monitor = await server.monitor();
    await server.command("SET", "a", "1");
    await monitor.stop();
    expect(monitor.lines.join("\n")).toMatch(/"SET" "a" "1"$/);
  });

  it("does not respond while it is paused", async () => {
    await using server = await startRedis();
    await server.command("PING");
    server.pause();
    const answer = server.command("PING");
    expect(await Promise.race([answer, delay(100, "none")])).toBe("none");
    server.resume();
    expect(await answer).toBe("PONG");
  });
});

describe.skipIf(!hasRedis).concurrent("startTcpProxy", () => {
  it("passes, delays, swallows and resets", async () => {
    await using server = await startRedis();
    await using proxy = await startTcpProxy(server.port);
    const connection = await RespConnection.open(proxy.port);
    expect(textOf(await connection.send("PING"))).toBe("PONG");
    expect(proxy.connections).toBe(1);

    proxy.delay(60);
    const startMs = performance.now();
    await connection.send("PING");
    expect(performance.now() - startMs).toBeGreaterThan(110);

    proxy.blackHole();
    const swallowed = connection.send("PING");
    expect(await Promise.race([swallowed, delay(100, "none")])).toBe("none");
    proxy.reset();
    await expect(swallowed).rejects.toThrow("connection closed");
    const refused = connect(proxy.port, "127.0.0.1");
    await once(refused, "error");

    proxy.pass();
    const again = await RespConnection.open(proxy.port);
    expect(textOf(await again.send("PING"))).toBe("PONG");
    again.close();
  });

  it.each([
    { because: "a delay", hold: (proxy: TcpProxy) => proxy.delay(60) },
    { because: "a limited rate", hold: (proxy: TcpProxy) => proxy.throttle(1_000) },
    { because: "a black hole", hold: (proxy: TcpProxy) => proxy.blackHole() },
  ])("forwards in order what it held back because of $because", async ({ hold }) => {
    await using server = await startRedis();
    await using proxy = await startTcpProxy(server.port);
    const [kept, left] = [
      await RespConnection.open(proxy.port),
      await RespConnection.open(proxy.port),
    ];
    hold(proxy);
    const first = kept.send("APPEND", "a", "1");
    void left.send("APPEND", "b", "1").catch(() => {}); // the connection is closed first
    await delay(20);
    left.close();
    await delay(20);
    proxy.pass();
    await kept.send("APPEND", "a", "2");
    expect(await first).toBe(1);
    expect(textOf(await kept.send("GET", "a"))).toBe("12");
    // A closed connection has sent its bytes.
    await vi.waitFor(async () => expect(await server.command("GET", "b")).toBe("1"));
    await vi.waitFor(() => expect(proxy.connections).toBe(1));
    kept.close();
  });

  it("cuts a reply at a byte", async () => {
    await using server = await startRedis();
    await server.command("SET", "a", "0123456789");
    await using proxy = await startTcpProxy(server.port);
    const socket = connect(proxy.port, "127.0.0.1");
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk;
    });
    socket.on("error", () => {}); // `events.once` would reject: some versions of Node report the reset
    const closed = new Promise((resolve) => socket.once("close", resolve));
    proxy.cut(8);
    socket.write("GET a\r\n");
    await closed;
    expect(received).toBe("$10\r\n012");
  });
});

describe("startVendor", () => {
  it("has a version, an etag, failures and a log of requests", async () => {
    await using vendor = await startVendor();
    const get = (headers: Record<string, string> = {}): Promise<Response> =>
      fetch(vendor.url, { headers });
    const first = await get({ "x-worker": "w1" });
    const etag = first.headers.get("etag") ?? "";
    expect(await first.json()).toMatchObject({ flags: { version: {}, echo: {} } });
    expect((await get({ "if-none-match": etag })).status).toBe(304);
    expect(vendor.change()).toBe(2);
    expect((await get({ "if-none-match": etag })).status).toBe(200);
    vendor.fail({ with: 503 }, ["w1"]);
    expect((await get({ "x-worker": "w1" })).status).toBe(503);
    expect((await get({ "x-worker": "w2" })).status).toBe(200);
    vendor.fail({ with: "reset" });
    await expect(get()).rejects.toThrow();
    vendor.recover();
    expect((await get()).status).toBe(200);
    expect(vendor.requests.map(({ status, version, worker }) => [worker, version, status])).toEqual(
      [
        ["w1", 1, 200],
        [null, 1, 304],
        [null, 2, 200],
        ["w1", 2, 503],
        ["w2", 2, 200],
        [null, 2, null],
        [null, 2, 200],
      ],
    );
  });
});
