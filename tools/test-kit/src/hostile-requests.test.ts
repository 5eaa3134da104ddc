import { describe, expect, it } from "vitest";
import { startCollector } from "./collector.js";
import { sendHostileRequests } from "./hostile-requests.js";
import { startTestServer } from "./http-server.js";

describe("sendHostileRequests", () => {
  it.each([
    { name: "a test server", start: () => startTestServer() },
    { name: "a collector", start: () => startCollector() },
  ])("does not end $name", async ({ start }) => {
    const server = await start();
    try {
      await sendHostileRequests(`${server.url}/v1/batch`);
      const { status } = await fetch(`${server.url}/v1/batch`, { method: "POST", body: "{}" });
      expect([200, 404]).toContain(status);
    } finally {
      await server.close();
    }
  });
});
