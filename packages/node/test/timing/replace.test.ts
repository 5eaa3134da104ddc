import { createFakeClock, startTestServer } from "@sortition/test-kit";
import { expect, it } from "vitest";
import { getInstance, init } from "../../src/client/singleton.js";
import { recordDiagnostics } from "../support/diagnostics.js";
import { flagsAnswer } from "../support/servers.js";

it("lifecycle §7 fault 33: a second init whose server hangs takes over at the end of its wait", async () => {
  await using healthy = await startTestServer(flagsAnswer("a"));
  await using hanging = await startTestServer({ kind: "hang" });
  const diagnostics = recordDiagnostics();
  const clock = createFakeClock();
  const options = {
    apiKey: "key",
    clock,
    pollIntervalMs: 100,
    initializationTimeoutMs: 1_500,
    diagnostics,
  };

  const first = await init({ ...options, baseUrl: healthy.url });
  const second = init({ ...options, baseUrl: hanging.url });
  await hanging.request(1);
  expect(getInstance()).toBe(first);
  expect(getInstance().getStringAssignment("flag-1", "alice", {}, "default")).toBe("a");
  await clock.advance(200);
  await healthy.request(2); // it still polls

  await clock.advance(1_300);
  const client = await second;
  expect(getInstance()).toBe(client);
  expect(client.status.state).toBe("error");
  expect(first.status.state).toBe("closed");
  // One poller is left: in three intervals the first server receives no request.
  const heard = healthy.requests.length;
  await clock.advance(300);
  await fetch(healthy.url);
  expect(healthy.requests).toHaveLength(heard + 1);
  await client.close();
});
