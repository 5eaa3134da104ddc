import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  LocalEvaluationClient,
  type LocalEvaluationConfig,
  RemoteEvaluationClient,
} from "../../../src/index.js";
import { CohortServer, cohortFlag } from "../../source/cohort-server.js";

/** A proxy that only connects to loopback, and records all requested hosts. */
class RecordingProxy {
  readonly hosts = new Set<string>();
  readonly #server: Server = createServer().on("connect", (request, socket) => {
    const [host = "", port] = (request.url ?? "").split(":");
    socket.on("error", () => {});
    if (host !== "127.0.0.1") {
      this.hosts.add(host);
      socket.end("HTTP/1.1 502 No\r\n\r\n");
      return;
    }
    const target = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Yes\r\n\r\n");
      target.pipe(socket).pipe(target);
    });
    target.on("error", () => {});
  });

  async start(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // a TCP server
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

const US = {
  remote: "api.lab.amplitude.com",
  flags: "api.lab.amplitude.com",
  stream: "stream.lab.amplitude.com",
  cohort: "cohort-v2.lab.amplitude.com",
};
const EU = {
  remote: "api.lab.eu.amplitude.com",
  flags: "flag.lab.eu.amplitude.com",
  stream: "stream.lab.eu.amplitude.com",
  cohort: "cohort-v2.lab.eu.amplitude.com",
};

describe.each([
  { serverZone: undefined, hosts: US },
  { serverZone: "us", hosts: US },
  { serverZone: "EU", hosts: EU },
  { serverZone: "eu", hosts: EU },
  { serverZone: "mars", hosts: US },
])("clients in the zone $serverZone", ({ hosts, serverZone }) => {
  let proxy: RecordingProxy;
  let server: CohortServer;

  const start = async (config: LocalEvaluationConfig): Promise<string[]> => {
    // Untyped callers may pass anything.
    const zone = serverZone as "us" | "eu" | undefined;
    const common = {
      serverZone: zone,
      proxy: proxy.url,
      logLevel: 0,
      startTimeoutMillis: 2_000,
    };
    const client = new LocalEvaluationClient("key", { ...common, ...config });
    await client.start().catch(() => {});
    client.stop();
    return [...proxy.hosts];
  };

  beforeEach(async () => {
    proxy = new RecordingProxy();
    await proxy.start();
    server = await CohortServer.start();
    server.flags = [cohortFlag("members", "c1")];
  });

  afterEach(async () => {
    proxy.close();
    await server.close();
  });

  it("send requests to the zone's servers", async () => {
    const config = { serverZone, proxy: proxy.url, fetchRetries: 0, logLevel: 0 };
    await new RemoteEvaluationClient("key", config).fetch({ user_id: "alice" });
    expect([...proxy.hosts]).toEqual([hosts.remote]);
    proxy.hosts.clear();
    expect(await start({})).toEqual([hosts.flags]);
    proxy.hosts.clear();
    expect(await start({ streamUpdates: true })).toEqual([hosts.stream, hosts.flags]);
  });

  it("send requests to another server if it has its own address", async () => {
    const cohortSyncConfig = { apiKey: "a", secretKey: "s" };
    const serverUrl = server.url;
    expect(await start({ serverUrl, cohortSyncConfig })).toEqual([hosts.cohort]);
    proxy.hosts.clear();
    const cohortServerUrl = server.url;
    const own = { ...cohortSyncConfig, cohortServerUrl };
    expect(await start({ serverUrl, cohortSyncConfig: own })).toEqual([]);
    expect(await start({ serverUrl, streamUpdates: true })).toEqual([hosts.stream]);
    proxy.hosts.clear();
    const streamServerUrl = server.url;
    expect(await start({ streamServerUrl, streamUpdates: true })).toEqual([hosts.flags]);
  });
});
