import { startTestServer } from "@sortition/test-kit";
import { expect, it } from "vitest";
import { getInstance, init } from "../../src/client/singleton.js";
import { recordDiagnostics } from "../support/diagnostics.js";
import { flagsAnswer } from "../support/servers.js";

it("lifecycle §7 fault 33: a second init whose server hangs takes over at the end of its wait", async () => {
  await using healthy = await startTestServer(flagsAnswer("a"));
  await using hanging = await startTestServer({ kind: "hang" });
  const diagnostics = recordDiagnostics();
  const options = {
    apiKey: "key",
    pollIntervalMs: 100,
    initializationTimeoutMs: 1_500,
    diagnostics,
  };

  const first = await init({ ...options, baseUrl: healthy.url });
  const second = init({ ...options, baseUrl: hanging.url });
  await hanging.request(1);
  expect(getInstance()).toBe(first);
  expect(getInstance().getStringAssignment("flag-1", "alice", {}, "default")).toBe("a");

  const client = await second;
  expect(getInstance()).toBe(client);
  expect(client.status.state).toBe("error");
  expect(first.status.state).toBe("closed");
  // One poller is left: in three intervals the first server receives no request.
  const heard = healthy.requests.length;
  expect(heard).toBeGreaterThan(1);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(healthy.requests).toHaveLength(heard);
  await client.close();
});
