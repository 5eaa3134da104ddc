import { type Reply, startTestServer } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { createClient } from "../src/client/create-client.js";
import { recordDiagnostics } from "./support/diagnostics.js";
import { flagsAnswer } from "./support/servers.js";

const clientOf = (baseUrl: string) =>
  createClient({ apiKey: "key", baseUrl, diagnostics: recordDiagnostics() });

/** Starts a server that returns a new value for each request: `v1`, `v2`, … */
function startVersions() {
  let version = 0;
  return startTestServer(() => {
    version += 1;
    return flagsAnswer(`v${version}`);
  });
}

describe("lifecycle §7 fault 43: a flag that changes after the attempt that made a client ready", () => {
  const answerOf = (client: ReturnType<typeof createClient>): string =>
    client.getStringAssignment("flag-1", "alice", {}, "default");

  it.each([1, 2, 3])(
    "is seen by a refresh at the same moment, which makes its own request, try %i",
    async () => {
      let answer: Reply = flagsAnswer("before", '"1"');
      await using server = await startTestServer(() => answer);
      await using client = clientOf(server.url);
      await client.waitForInitialization();
      answer = flagsAnswer("after", '"2"');
      expect(await client.refresh()).toMatchObject({ outcome: "updated" });
      expect([answerOf(client), server.requests.length]).toEqual(["after", 2]);
    },
  );

  it("is seen by a listener's refresh while the configuration is being applied", async () => {
    await using server = await startVersions();
    await using client = clientOf(server.url);
    const outcome = await new Promise((resolve) => {
      client.on("configuration-changed", () => {
        if (server.requests.length === 1) resolve(client.refresh());
      });
    });
    expect(outcome).toMatchObject({ outcome: "updated" });
    expect([answerOf(client), server.requests.length]).toEqual(["v2", 2]);
  });

  it("is requested once by concurrent refreshes", async () => {
    await using server = await startVersions();
    await using client = clientOf(server.url);
    await client.waitForInitialization();
    await Promise.all([client.refresh(), client.refresh(), client.refresh()]);
    expect([answerOf(client), server.requests.length]).toEqual(["v2", 2]);
    expect(server.peakConcurrency).toBe(1);
  });
});
