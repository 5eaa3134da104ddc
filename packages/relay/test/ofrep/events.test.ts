import { createHmac } from "node:crypto";
import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { createFakeClock, ifWhole } from "@sortition/test-kit";
import type { TestFlags } from "@sortition/testing";
import { describe, expect, it } from "vitest";
import { sha256Of } from "../../src/access/tokens.js";
import { serverOf } from "../formats.js";
import { openStream } from "../open-stream.js";
import { ENVIRONMENTS, relayOf, type TestRelay, VARIABLES } from "../start.js";
import { ask, askAll, evaluating, PAGE, SERVER } from "./ground.js";

const ALICE = { targetingKey: "alice" };
const TICKET_KEY = { env: "TICKETS" };
const HOUR_MS = 3_600_000;

const switchTo = (flags: TestFlags, value: string): void => {
  flags.string("checkout").variations("fast", "standard").otherwise(value);
};

/** Returns the address of the change stream from a bulk response. */
async function streamOf(url: string, headers?: Readonly<Record<string, string>>): Promise<string> {
  const answer = await askAll(url, ALICE, headers);
  const { eventStreams } = (await answer.json()) as {
    readonly eventStreams: readonly { readonly endpoint: { readonly requestUri: string } }[];
  };
  return eventStreams[0]?.endpoint.requestUri ?? "";
}

async function startChanging(): Promise<{ readonly flags: TestFlags; readonly relay: TestRelay }> {
  const { flags, server } = await serverOf("GrowthBook");
  const own = { ...ENVIRONMENTS.GrowthBook(server.url), tokens: [PAGE, SERVER], evaluate: true };
  return { flags, relay: await relayOf({ environments: [own] }) };
}

const change = (flags: TestFlags, relay: TestRelay, value: string): void => {
  switchTo(flags, value);
  relay.environments[0]?.requestRefresh();
};

const eventsIn = (text: string): readonly { readonly type: string; readonly etag: string }[] =>
  [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? ""));

describe("the change stream", () => {
  it("begins without an event, and sends the revision of each change", async () => {
    const { flags, relay } = await startChanging();
    const stream = await openStream(`${relay.url}${await streamOf(relay.url)}`);
    expect([stream.status, stream.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    expect(stream.headers.get("cache-control")).toContain("no-store");
    change(flags, relay, "fast");
    await expect.poll(() => eventsIn(stream.text)).toHaveLength(1);
    const revision = relay.environments[0]?.answers?.revision;
    expect(stream.text).toBe(
      `id: ${revision}\ndata: {"type":"refetchEvaluation","etag":"${revision}"}\n\n`,
    );
  });

  it("begins with a change since the response with its address, but not with a known change", async () => {
    const { flags, relay } = await startChanging();
    const address = await streamOf(relay.url);
    const before = relay.environments[0]?.answers?.revision;
    change(flags, relay, "fast");
    await expect.poll(() => relay.environments[0]?.answers?.revision).not.toBe(before);
    const revision = relay.environments[0]?.answers?.revision ?? "";
    const late = await openStream(`${relay.url}${address}`);
    await expect.poll(() => eventsIn(late.text)[0]?.etag).toBe(revision);
    // The browser reconnects to the same address, with the id of the last event.
    const again = await openStream(`${relay.url}${address}`, { "last-event-id": revision });
    change(flags, relay, "standard");
    await expect.poll(() => eventsIn(again.text)).toHaveLength(1);
    expect(eventsIn(again.text)[0]?.etag).not.toBe(revision);
  });

  ifWhole(it)("notifies many readers in slices", async () => {
    const clock = createFakeClock();
    const { flags, server } = await serverOf("GrowthBook");
    const own = { ...ENVIRONMENTS.GrowthBook(server.url), tokens: [PAGE], evaluate: true };
    const relay = await relayOf({ environments: [own], spreadMs: 2_000 }, { clock });
    const url = `${relay.url}${await streamOf(relay.url)}`;
    const streams = await Promise.all(Array.from({ length: 250 }, () => openStream(url)));
    change(flags, relay, "fast");
    const told = (): number => streams.filter(({ text }) => text.includes("refetch")).length;
    await expect.poll(told).toBe(100);
    await clock.advance(700);
    await expect.poll(told).toBe(200);
    await clock.advance(700);
    await expect.poll(told).toBe(250);
  });
});

describe("a request after a change", () => {
  it("waits until this replica has the revision, and never gets 304", async () => {
    const { flags, relay } = await startChanging();
    const former = await askAll(relay.url, ALICE);
    const etag = former.headers.get("etag") ?? "";
    const known = { "if-none-match": etag };
    expect((await askAll(relay.url, ALICE, known)).status).toBe(304);
    const revision = relay.environments[0]?.answers?.revision ?? "";
    const same = await ask(
      relay.url,
      `evaluate/flags?flagConfigEtag=${revision}`,
      { context: ALICE },
      known,
    );
    expect([same.status, same.headers.get("etag")]).toEqual([200, etag]);

    // Another relay that has the next version shows its revision.
    switchTo(flags, "fast");
    const other = await relayOf({
      environments: [evaluating("growthbook", JSON.parse(flags.payload()))],
    });
    const next = other.environments[0]?.answers?.revision ?? "";
    expect(next).not.toBe(revision);
    const waiting = ask(relay.url, `evaluate/flags?flagConfigEtag=${next}`, { context: ALICE });
    relay.environments[0]?.requestRefresh();
    const answer = (await (await waiting).json()) as { readonly flags: readonly object[] };
    expect(answer.flags).toMatchObject([{ key: "checkout", value: "fast" }]);
  });

  it("for a revision that is never received gets a response after 2 s", async () => {
    const { relay } = await startChanging();
    const startMs = performance.now();
    const answer = await ask(relay.url, "evaluate/flags?flagConfigEtag=none", { context: ALICE });
    expect(answer.status).toBe(200);
    expect(performance.now() - startMs).toBeGreaterThan(1_900);
  });
});

describe("a ticket", () => {
  const payload = PAYLOADS.eppo;
  const nowMs = 500_000 * HOUR_MS + 1;
  const start = (members: object = {}, atMs = nowMs, others: readonly object[] = []) =>
    relayOf(
      { environments: [evaluating("eppo", payload, members), ...others], ticketKey: TICKET_KEY },
      { clock: { now: () => atMs } },
    );
  const statusAt = async (relay: TestRelay, address: string): Promise<number> =>
    (await openStream(`${relay.url}${address}`)).status;

  ifWhole(it)("is the same for an hour in all replicas, and valid for the next hour", async () => {
    const first = await start();
    const address = await streamOf(first.url);
    expect(address).toMatch(/^\/eppo\/ofrep\/v1\/events\?ticket=[\w-]{43}&revision=[0-9a-f]{16}$/);
    expect(await streamOf(first.url)).toBe(address);
    for (const [later, isSame, status] of [
      [HOUR_MS - 2, true, 200],
      [HOUR_MS, false, 200],
      [2 * HOUR_MS - 2, false, 200],
      [2 * HOUR_MS, false, 401],
      [-2, false, 401],
    ] as const) {
      const relay = await start({}, nowMs + later);
      expect([later, (await streamOf(relay.url)) === address]).toEqual([later, isSame]);
      expect([later, await statusAt(relay, address)]).toEqual([later, status]);
    }
  });

  it("is rejected if it is forged, or for another environment, purpose or key, or if its token was removed", async () => {
    const other = { ...PAGE, name: "other", sha256: sha256Of("other-token") };
    const named = evaluating("eppo", payload, { name: "second" });
    const relay = await start({ tokens: [PAGE, SERVER, other] }, nowMs, [named]);
    const address = await streamOf(`${relay.url}/eppo`);
    const ofOther = await streamOf(`${relay.url}/eppo`, { authorization: "Bearer other-token" });
    expect(ofOther).not.toBe(address);
    expect([await statusAt(relay, address), await statusAt(relay, ofOther)]).toEqual([200, 200]);

    const withTicket = (ticket: string) => address.replace(/ticket=[^&]*/, `ticket=${ticket}`);
    const ticket = /ticket=([^&]*)/.exec(address)?.[1] ?? "";
    const signed = (key: string, purpose: string, sha256: string) =>
      createHmac("sha256", key).update(`${purpose} eppo ${sha256} 500000`).digest("base64url");
    const { TICKETS, PAGE_TOKEN, SERVER_TOKEN } = VARIABLES;
    const page = sha256Of(PAGE_TOKEN);
    expect(withTicket(signed(TICKETS, "events", page))).toBe(address);
    for (const forged of [
      withTicket(""),
      withTicket(`${ticket.slice(0, -2)}xx`),
      withTicket(ticket.slice(0, 20)),
      withTicket(PAGE_TOKEN),
      withTicket(page),
      withTicket(signed(TICKETS, "exposures", page)),
      withTicket(signed("x".repeat(40), "events", page)),
      withTicket(signed(TICKETS, "events", sha256Of(SERVER_TOKEN))),
      address.replace("/eppo/", "/second/"),
      address.replace(/\?.*/, ""),
    ]) {
      expect([forged, await statusAt(relay, forged)]).toEqual([forged, 401]);
    }
    const without = await start();
    expect(await statusAt(without, ofOther)).toBe(401);
    expect(await statusAt(without, address)).toBe(200);
  });

  ifWhole(it)("is part of an address below the public URL if there is one", async () => {
    const relay = await relayOf({
      environments: [evaluating("eppo", payload)],
      publicUrl: "https://shop.example/flags/",
    });
    const { eventStreams } = (await (await askAll(relay.url, ALICE)).json()) as {
      readonly eventStreams: readonly { readonly endpoint: object }[];
    };
    expect(eventStreams[0]?.endpoint).toEqual({
      origin: "https://shop.example",
      requestUri: expect.stringMatching(/^\/flags\/eppo\/ofrep\/v1\/events\?ticket=/),
    });
  });
});
