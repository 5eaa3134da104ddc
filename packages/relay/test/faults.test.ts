import { growthbook } from "@sortition/growthbook/dialect";
import { growthbookSource } from "@sortition/growthbook/source";
import { createClient } from "@sortition/node";
import { createFakeClock } from "@sortition/test-kit";
import type { TestFlags } from "@sortition/testing";
import type { Fault } from "@sortition/testing/server";
import { describe, expect, it } from "vitest";
import { serverOf, VENDORS } from "./formats.js";
import { rawExchange, statusOf } from "./raw.js";
import { ENVIRONMENTS, later, relayOf, type TestRelay, VARIABLES } from "./start.js";

const { KEY } = VARIABLES;
const FAULTS: readonly Fault[] = [
  ...([401, 403, 404, 429, 500, 503] as const),
  ...(["garbage", "cut", "cut-chunked", "reset"] as const),
];

const switchTo = (flags: TestFlags, value: string): void => {
  flags.string("checkout").variations("fast", "standard").otherwise(value);
};

const served = (relay: TestRelay): string => {
  const bytes = relay.environments[0]?.answers?.parts.get("flags")?.bytes ?? new Uint8Array();
  return Buffer.from(bytes).toString("utf8");
};

describe.each(VENDORS)("while the server of %s fails", (vendor) => {
  it.each(FAULTS)(
    "with %s, the former flags are served, and the next ones when it is back",
    async (fault) => {
      const { flags, server } = await serverOf(vendor);
      const before = flags.payload();
      const relay = await relayOf({ environments: [ENVIRONMENTS[vendor](server.url)] });
      const [environment] = relay.environments;
      switchTo(flags, "fast");
      const after = flags.payload();
      server.fail(fault);
      environment?.requestRefresh();
      await expect.poll(() => environment?.status?.consecutiveFailures).toBeGreaterThan(0);
      expect(served(relay)).toBe(before);
      expect((await fetch(`${relay.url}/readyz`)).status).toBe(200);
      server.recover();
      environment?.requestRefresh();
      await expect.poll(() => served(relay)).toBe(after);
      expect(relay.log.join("")).not.toContain(KEY);
    },
  );
});

it("50 clients in 20 intervals cost one request of the vendor per interval", async () => {
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

it("a header of 64 KB is 431, and says nothing of the request", async () => {
  const { server } = await serverOf("Eppo");
  const relay = await relayOf({ environments: [ENVIRONMENTS.Eppo(server.url)] });
  const request = `GET /livez HTTP/1.1\r\nhost: relay\r\nx: ${"secret".repeat(11_000)}\r\n\r\n`;
  const answer = await rawExchange(relay.address.port, request);
  expect(statusOf(answer)).toBe(431);
  expect(`${answer}${relay.log.join("")}`).not.toContain("secret");
});
