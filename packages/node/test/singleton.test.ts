import { type Reply, type Responder, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { ClientOptions } from "../src/client/options.js";
import * as singleton from "../src/client/singleton.js";
import { Configuration } from "../src/index.js";
import { recordDiagnostics } from "./support/diagnostics.js";
import { flagsBody } from "./support/flags.js";
import { forgetInstance } from "./support/instance.js";
import { flagsAnswer, status } from "./support/servers.js";

const initialConfiguration = Configuration.from({ flagsConfiguration: flagsBody("initial") });

describe("init and getInstance", () => {
  const servers: TestServer[] = [];

  /** Returns options of a client whose server sends `reply`. */
  const serverThat = async (reply: Reply | Responder): Promise<ClientOptions> => {
    const server = await startTestServer(reply);
    servers.push(server);
    return { apiKey: "key", baseUrl: server.url, diagnostics: recordDiagnostics() };
  };

  beforeEach(() => forgetInstance());

  afterEach(async () => {
    try {
      await singleton.getInstance().close();
    } catch {
      // some tests install no instance
    }
    for (const server of servers.splice(0)) await server.close();
  });

  it("have no instance before the first init", () => {
    expect(() => singleton.getInstance()).toThrow(
      expect.objectContaining({ code: "SORTITION_NO_INSTANCE" }),
    );
  });

  it("name the remedy if Next renders a page at build time", () => {
    vi.stubEnv("NEXT_PHASE", "phase-production-build");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(() => singleton.getInstance()).toThrow(
      '; this page is rendered at build time: add `await connection()` from "next/server"',
    );
  });

  it("have an instance as soon as init is called, and after its close", async () => {
    const initializing = singleton.init(await serverThat(flagsAnswer("a")));
    const client = singleton.getInstance();
    expect(await initializing).toBe(client);
    expect(client.status.state).toBe("ready");
    await client.close();
    expect(singleton.getInstance()).toBe(client);
  });

  it("reject an invalid option and change nothing", async () => {
    const options = { ...(await serverThat(flagsAnswer("a"))), pollIntervalMs: 1 };
    await expect(singleton.init(options)).rejects.toMatchObject({ option: "pollIntervalMs" });
    expect(() => singleton.getInstance()).toThrow();
  });

  it("immediately replace an instance without a configuration", async () => {
    const hanging = singleton.init(await serverThat({ kind: "hang" }));
    const initializing = singleton.init(await serverThat({ kind: "hang" }));
    const former = await hanging; // closed, so its wait is over
    expect(former.status.state).toBe("closed");
    expect(singleton.getInstance()).not.toBe(former);
    await singleton.getInstance().close();
    await initializing;
  });

  it("immediately install a client with an initial configuration", async () => {
    const former = await singleton.init(await serverThat(flagsAnswer("a")));
    const options = await serverThat({ kind: "hang" });
    const initializing = singleton.init({ ...options, initialConfiguration });
    expect(singleton.getInstance()).not.toBe(former);
    expect(await initializing).toBe(singleton.getInstance());
  });

  it("let the latest of several calls win", async () => {
    const former = await singleton.init(await serverThat(flagsAnswer("a")));
    let answer: (reply: Reply) => void = () => {};
    const slow = new Promise<Reply>((resolve) => {
      answer = resolve;
    });
    const initializing = singleton.init(await serverThat(() => slow));
    const latest = await singleton.init(await serverThat(flagsAnswer("c")));
    expect(singleton.getInstance()).toBe(latest);

    // The earlier call finishes later, so its client is returned only to its caller.
    answer(flagsAnswer("b"));
    const late = await initializing;
    expect(singleton.getInstance()).toBe(latest);
    expect(late.status.state).toBe("ready");
    expect(former.status.state).toBe("closed");
    await late.close();
  });

  describe("with throwOnFailedInitialization", () => {
    const throwing = { throwOnFailedInitialization: true };

    it("reject with the cause, and install nothing", async () => {
      const options = { ...(await serverThat(status(401))), ...throwing };
      const initializing = singleton.init(options);
      const client = singleton.getInstance();
      await expect(initializing).rejects.toMatchObject({
        code: "SORTITION_NOT_READY",
        cause: { code: "SORTITION_UNAUTHORIZED" },
      });
      expect(client.status.state).toBe("closed");
      expect(() => singleton.getInstance()).toThrow();
    });

    it("keep the previous instance, ready or not", async () => {
      const former = await singleton.init(await serverThat(status(401)));
      const options = { ...(await serverThat(status(401))), ...throwing };
      await expect(singleton.init(options)).rejects.toThrow("no configuration");
      expect(singleton.getInstance()).toBe(former);
      expect(former.status.state).toBe("error");
    });
  });
});
