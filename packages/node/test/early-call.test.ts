import { startTestServer } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { type ClientOptions, createClient } from "../src/index.js";
import { recordDiagnostics } from "./support/diagnostics.js";
import { status } from "./support/servers.js";

describe("lifecycle §7 fault 44: the warning about a flag that is evaluated after the wait ended without a configuration", () => {
  const saidWith = async (options: ClientOptions): Promise<string | undefined> => {
    const diagnostics = recordDiagnostics();
    await using client = createClient({ apiKey: "key", diagnostics, ...options });
    await client.waitForInitialization({ timeoutMs: 1_000 });
    client.getStringAssignment("checkout", "alice", {}, "default");
    return diagnostics.messages("warn").find((it) => it.startsWith("flag "));
  };
  const evaluated = 'flag "checkout" evaluated before ready: default returned; ';

  it("names a refused key", async () => {
    await using server = await startTestServer(status(401));
    const said = await saidWith({
      baseUrl: server.url,
      pollIntervalMs: 20_000,
      random: () => 0.95,
    });
    expect(said).toBe(
      `${evaluated}no configuration yet; the last attempt failed (401), next in 6 s`,
    );
  });

  it("names the last error if the server is down", async () => {
    const said = await saidWith({ baseUrl: "http://127.0.0.1:1" });
    expect(said).toMatch(/no configuration yet; the last attempt failed \(SORTITION_NETWORK\), /);
  });

  it("names pollIntervalMs: null", async () => {
    const said = await saidWith({ baseUrl: "http://127.0.0.1:1", pollIntervalMs: null });
    const what = "pollIntervalMs is null, so nothing is fetched";
    expect(said).toBe(`${evaluated}${what}: call refresh() or setConfiguration()`);
  });
});
