import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clearCache, configureCache, GrowthBook, setPolyfills } from "../../src/index.js";
import { SHOP } from "./shop-payload.js";
import { ShopServer, until } from "./shop-server.js";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let server: ShopServer;

beforeEach(async () => {
  server = await new ShopServer({ payload: SHOP, hasStream: true }).start();
  setPolyfills({ EventSource: undefined });
});
afterEach(async () => {
  await clearCache();
  configureCache({ staleTTL: 60_000, streamSilence: 60_000, requestTimeout: 10_000 });
  await server.close();
});

const options = (): { apiHost: string; clientKey: string; diagnostics: typeof quiet } => ({
  apiHost: server.url,
  clientKey: "key",
  diagnostics: quiet,
});

describe("many requests of one instance", () => {
  it("share one, without a warning from Node.js", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on("warning", onWarning);
    const gb = new GrowthBook(options());
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => gb.init()));
    process.off("warning", onWarning);
    expect(outcomes.every(({ success }) => success)).toBe(true);
    expect([server.to("/api/").length, warnings]).toEqual([1, []]);
    gb.destroy();
  });
});

describe("a stream", () => {
  it("is reported with its own host if it fails when its instance is destroyed", async () => {
    const held: ServerResponse[] = [];
    server.interceptor = ({ target }, response) =>
      target.startsWith("/sub/") && held.push(response) > 0;
    const warned: string[] = [];
    const diagnostics = { ...quiet, warn: (message: string) => void warned.push(message) };
    const gb = new GrowthBook({ ...options(), diagnostics });
    await gb.init({ streaming: true });
    await until(() => held.length === 1, "the stream");
    gb.destroy();
    held[0]?.writeHead(401).end();
    await until(() => warned.length === 1, "the warning");
    expect(warned[0]).toContain(`no stream (${server.url} answered with status 401)`);
  });
});

describe("init resolves within its timeout", () => {
  it.each([
    ["never answers", () => true],
    [
      "never ends the body",
      (_: unknown, response: import("node:http").ServerResponse) => {
        response.writeHead(200, { "content-length": "100" });
        response.write("{");
        return true;
      },
    ],
    [
      "resets the connection",
      (_: unknown, response: import("node:http").ServerResponse) => {
        response.socket?.resetAndDestroy();
        return true;
      },
    ],
    [
      "sends no JSON",
      (_: unknown, response: import("node:http").ServerResponse) => {
        response.end("<html>");
        return true;
      },
    ],
  ])("if the server %s", async (_, interceptor) => {
    server.interceptor = interceptor;
    configureCache({ requestTimeout: 3_600_000 }); // longer than the limit of this test
    const gb = new GrowthBook(options());
    expect((await gb.init({ timeout: 100 })).success).toBe(false);
    gb.destroy();
  });

  it("if the payload never ends", async () => {
    server.interceptor = (_, response) => {
      response.writeHead(200);
      const fill = (): void => {
        while (!response.destroyed && response.write(" ".repeat(1_048_576)));
      };
      response.on("drain", fill).on("error", () => {});
      fill();
      return true;
    };
    configureCache({ requestTimeout: 3_600_000 });
    const gb = new GrowthBook(options());
    const { success, error } = await gb.init();
    expect([success, error?.message]).toEqual([false, expect.stringContaining("larger than")]);
    gb.destroy();
  });
});
