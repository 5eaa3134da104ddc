import { growthbook } from "@sortition/growthbook/dialect";
import { growthbookSource } from "@sortition/growthbook/source";
import { createClient } from "@sortition/node";
import { createFakeClock, ifWhole } from "@sortition/test-kit";
import { expect, it } from "vitest";
import { describeFaults } from "./describe-faults.js";
import { serverOf } from "./formats.js";
import { rawExchange, statusOf } from "./raw.js";
import { ENVIRONMENTS, later, relayOf, VARIABLES } from "./start.js";

const { KEY } = VARIABLES;
describeFaults(["Eppo"]);

ifWhole(it)("50 clients cause one request to the vendor per interval", async () => {
  const clock = createFakeClock();
  const { server } = await serverOf("GrowthBook");
  const own = ENVIRONMENTS.GrowthBook(server.url) as { readonly source: object };
  const environment = { ...own, source: { ...own.source, pollJitterMs: 0 } };
  const relay = await relayOf({ environments: [environment] }, { clock });
  const clients = Array.from({ length: 50 }, () =>
    createClient({
      dialect: growthbook(),
      source: growthbookSource({ apiHost: relay.url, clientKey: KEY, pollIntervalMs: null }),
      assignmentLogger: null,
    }),
  );
  later(() => Promise.all(clients.map((it) => it.close())));
  const before = server.requests.length;
  for (let interval = 0; interval < 20; interval++) {
    await clock.advance(30_000);
    await expect.poll(() => relay.environments[0]?.status?.nextAttemptInMs).not.toBeNull();
    await Promise.all(clients.map((it) => it.refresh()));
  }
  const requests = server.requests.length - before;
  expect(requests).toBeGreaterThanOrEqual(19);
  expect(requests).toBeLessThanOrEqual(21); // the first interval is shorter
  expect(clients.every((it) => it.isInitialized())).toBe(true);
});

it("a header of 64 KB gets 431, and the response does not repeat the request", async () => {
  const { server } = await serverOf("Eppo");
  const relay = await relayOf({ environments: [ENVIRONMENTS.Eppo(server.url)] });
  const request = `GET /livez HTTP/1.1\r\nhost: relay\r\nx: ${"secret".repeat(11_000)}\r\n\r\n`;
  const answer = await rawExchange(relay.address.port, request);
  expect(statusOf(answer)).toBe(431);
  expect(`${answer}${relay.log.join("")}`).not.toContain("secret");
});
