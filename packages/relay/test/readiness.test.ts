import { createFakeClock } from "@sortition/test-kit";
import { startTestServer } from "@sortition/test-kit/http-server";
import { describe, expect, it } from "vitest";
import { serverOf } from "./formats.js";
import { ENVIRONMENTS, later, relayOf } from "./start.js";

async function environmentsOf(kind: "refuses" | "hangs"): Promise<readonly object[]> {
  const { server } = await serverOf("Eppo");
  const broken =
    kind === "hangs"
      ? await startTestServer({ kind: "hang" })
      : await startTestServer({ kind: "answer", status: 401 });
  later(() => broken.close());
  return [
    { ...ENVIRONMENTS.Eppo(server.url), name: "shop" },
    { ...ENVIRONMENTS.Eppo(broken.url), name: "broken" },
  ];
}

const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;

describe("readiness", () => {
  it("of the relay does not wait for an environment that has failed once", async () => {
    const environments = await environmentsOf("refuses");
    const relay = await relayOf({ environments }, { waits: false });
    await expect.poll(() => statusOf(`${relay.url}/readyz`)).toBe(200);
    const response = await fetch(`${relay.url}/readyz`);
    expect(await response.json()).toEqual({ message: "ready", notReady: ["broken"] });
    expect(await statusOf(`${relay.url}/shop/readyz`)).toBe(200);
    expect(await statusOf(`${relay.url}/broken/readyz`)).toBe(503);
    expect(await statusOf(`${relay.url}/nobody/readyz`)).toBe(503);
    expect(await statusOf(`${relay.url}/livez`)).toBe(200);
  });

  it("of the relay waits 30 s for an environment whose vendor hangs", async () => {
    const clock = createFakeClock();
    const environments = await environmentsOf("hangs");
    const relay = await relayOf({ environments }, { waits: false, clock });
    await expect.poll(() => statusOf(`${relay.url}/shop/readyz`)).toBe(200);
    expect(await statusOf(`${relay.url}/readyz`)).toBe(503);
    await clock.advance(30_000);
    expect(await statusOf(`${relay.url}/readyz`)).toBe(200);
  });

  it("of the relay requires all environments with readiness: all", async () => {
    const environments = await environmentsOf("refuses");
    const relay = await relayOf({ environments, readiness: "all" }, { waits: false });
    await expect.poll(() => statusOf(`${relay.url}/shop/readyz`)).toBe(200);
    const failed = (): number | undefined => relay.environments[1]?.attempts.failed;
    await expect.poll(failed).toBeGreaterThan(0);
    expect(await statusOf(`${relay.url}/readyz`)).toBe(503);
  });

  it("requires an environment that serves", async () => {
    const [, broken] = await environmentsOf("refuses");
    const relay = await relayOf({ environments: [broken ?? {}] }, { waits: false });
    const failed = (): number | undefined => relay.environments[0]?.attempts.failed;
    await expect.poll(failed).toBeGreaterThan(0);
    expect(await statusOf(`${relay.url}/readyz`)).toBe(503);
  });
});

it("GrowthBook's connection test for proxies finds the version", async () => {
  const { server } = await serverOf("GrowthBook");
  const relay = await relayOf({ environments: [ENVIRONMENTS.GrowthBook(server.url)] });
  for (const path of ["/healthcheck", "/growthbook/healthcheck"]) {
    const response = await fetch(`${relay.url}${path}`);
    expect([response.status, await response.json()]).toEqual([
      200,
      { ok: true, proxyVersion: expect.stringMatching(/^\d+\.\d+\.\d+/) },
    ]);
  }
});

describe("requests that name no environment", () => {
  const path = `/flag-config/v1/config?apiKey=vendor-key-4711`;

  it("are served by the default environment", async () => {
    const [first, second] = [await serverOf("Eppo"), await serverOf("Eppo")];
    second.flags.boolean("second").on();
    const environments = [
      { ...ENVIRONMENTS.Eppo(first.server.url), name: "first" },
      { ...ENVIRONMENTS.Eppo(second.server.url), name: "second", default: true },
    ];
    const relay = await relayOf({ environments });
    expect(await (await fetch(`${relay.url}${path}`)).text()).toContain('"second"');
    const other = await relayOf({ environments: environments.map(withoutDefault) });
    expect((await fetch(`${other.url}${path}`)).status).toBe(401);
  });
});

function withoutDefault({ default: _, ...environment }: Record<string, unknown>): object {
  return environment;
}
