import { fileURLToPath } from "node:url";
import { ENDS_MS, ifWhole, isInPart, startChild } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SHOP } from "../client/shop-payload.js";
import { ShopServer } from "../client/shop-server.js";

const cwd = fileURLToPath(new URL("../..", import.meta.url));
let server: ShopServer;

beforeEach(async () => {
  server = await new ShopServer({ payload: SHOP, hasStream: true }).start();
});
afterEach(() => server.close());

describe("a process", () => {
  const SCRIPT = `
    const { configureCache, GrowthBook } = await import("@sortition/growthbook");
    configureCache({ requestTimeout: 60_000 });
    const { growthbookTrackingPlugin } = await import("@sortition/growthbook/plugins");
    const gb = new GrowthBook({
      apiHost: process.env.HOST,
      clientKey: "key",
      attributes: { id: "u1" },
      plugins: [growthbookTrackingPlugin({ ingestorHost: process.env.HOST })],
    });
    const outcome = await gb.init({ streaming: true, timeout: 300, pollingInterval: 60_000 });
    gb.isOn("new-checkout");
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    console.error("@ready");
    gb.destroy();
  `;

  it.each(
    [
      ["a request hangs", "/api/"],
      ["a stream hangs", "/sub/"],
      ["the ingestor hangs", "/track"],
      ["nothing hangs", "-"],
    ].filter((_, i) => isInPart(i, 1)),
  )("ends after destroy while %s", async (_, hanging) => {
    server.interceptor = ({ target }) => target.startsWith(hanging);
    const child = startChild({ script: SCRIPT, cwd, env: { HOST: server.url } });
    const { endedAfterMs, exitCode, stdout } = await child.ended;
    expect([exitCode, stdout]).toEqual([0, ""]);
    expect(endedAfterMs("ready")).toBeLessThan(ENDS_MS);
  });

  ifWhole(it)("stays alive for a waiting init, up to the deadline of the request", async () => {
    server.interceptor = () => true;
    const script = `
      const { configureCache, GrowthBook } = await import("@sortition/growthbook");
      configureCache({ requestTimeout: 700 });
      const gb = new GrowthBook({ apiHost: process.env.HOST, clientKey: "key" });
      const { error } = await gb.init();
      console.error("@" + error.message.replaceAll(" ", "-"));
    `;
    const child = startChild({ script, cwd, env: { HOST: server.url } });
    const { exitCode, marks } = await child.ended;
    expect([exitCode, [...marks.keys()]]).toEqual([0, ["The-request-timed-out"]]);
  });

  it("does not stay alive for a request after its init has timed out", async () => {
    server.interceptor = () => true;
    const script = `
      const { configureCache, GrowthBook } = await import("@sortition/growthbook");
      configureCache({ requestTimeout: 60_000 });
      const gb = new GrowthBook({ apiHost: process.env.HOST, clientKey: "key" });
      const { source } = await gb.init({ timeout: 200 });
      console.error("@" + source);
    `;
    const child = startChild({ script, cwd, env: { HOST: server.url } });
    const { endedAfterMs, exitCode } = await child.ended;
    expect(exitCode).toBe(0);
    expect(endedAfterMs("timeout")).toBeLessThan(ENDS_MS);
  });

  ifWhole(it)(
    "does not stay alive for a request of an instance that is destroyed immediately after init",
    async () => {
      server.interceptor = () => true;
      const script = `
      const { configureCache, GrowthBook } = await import("@sortition/growthbook");
      configureCache({ requestTimeout: 60_000 });
      const gb = new GrowthBook({ apiHost: process.env.HOST, clientKey: "key" });
      const initialised = gb.init({ streaming: true, timeout: 60_000 });
      gb.destroy();
      const { error } = await initialised;
      console.error("@" + error.message.replaceAll(" ", "-"));
    `;
      const child = startChild({ script, cwd, env: { HOST: server.url } });
      const { endedAfterMs, exitCode } = await child.ended;
      expect(exitCode).toBe(0);
      expect(endedAfterMs("The-instance-was-destroyed")).toBeLessThan(ENDS_MS);
      expect(server.to("/api/")).toHaveLength(1);
    },
  );

  ifWhole(it)("ends by itself while a stream is open", async () => {
    const script = SCRIPT.replace("gb.destroy();", "");
    const child = startChild({ script, cwd, env: { HOST: server.url } });
    const { endedAfterMs, exitCode } = await child.ended;
    expect(exitCode).toBe(0);
    expect(endedAfterMs("ready")).toBeLessThan(ENDS_MS);
  });
});
