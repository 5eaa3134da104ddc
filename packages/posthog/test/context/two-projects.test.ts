import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import express from "express";
import {
  PostHog as VendorPostHog,
  setupExpressRequestContext as vendorContext,
} from "posthog-node";
import { describe, expect, it } from "vitest";
import {
  capture,
  newContext,
  PostHog,
  settings,
  setupExpressRequestContext,
  tag,
} from "../../src/index.js";

const REQUESTS = 50;

type Event = { readonly event: string; readonly distinct_id: string; readonly properties: object };

/** Returns options with which a client adds its events to a list. */
function receiving(events: Event[]) {
  return {
    disableCompression: true,
    flushAt: 10_000,
    fetch: async (_: string, { body }: { body: string }) => {
      events.push(...JSON.parse(body).batch);
      return { status: 200, text: async () => "", json: async () => ({}), headers: new Headers() };
    },
  };
}

/** What the two projects receive, one entry for each event, without what differs between runs and SDKs. */
function contentOf(events: readonly Event[]): readonly string[] {
  const lines = events.map(({ event, distinct_id, properties }) => {
    const {
      sortition_version: _,
      $lib_version,
      $exception_list,
      ...rest
    } = properties as Record<string, unknown>;
    const id = /^[0-9a-f-]{36}$/.test(distinct_id) ? "random" : distinct_id;
    return JSON.stringify([event, id, Object.entries(rest).sort()]);
  });
  return lines.sort();
}

/** Serves interleaved requests that use two clients, and returns the events of each. */
async function served(isOurs: boolean): Promise<readonly [readonly string[], readonly string[]]> {
  const received: [Event[], Event[]] = [[], []];
  const [shop, billing] = received.map((events, i) => {
    const token = `phc_${i}`;
    const options = receiving(events) as never;
    return isOurs ? new PostHog(token, options) : (new VendorPostHog(token, options) as never);
  }) as [PostHog, PostHog];
  const app = express();
  if (isOurs) setupExpressRequestContext(shop, app);
  else vendorContext(shop as never, app as never);
  app.get("/:id", async (request, response) => {
    const { id } = request.params;
    const pause = () => sleep(Math.random() * 5);
    await pause();
    billing.capture({ event: "charged", properties: { id } });
    await billing.withContext(
      { distinctId: `account-${id}`, properties: { invoice: id } },
      async () => {
        await pause();
        shop.capture({ event: "viewed", properties: { id } });
        billing.capture({ event: "paid", properties: { id } });
        await shop.withContext({ properties: { cart: id } }, async () => {
          await pause();
          shop.capture({ event: "ordered", properties: { id } });
          billing.captureException(new Error("declined"), undefined, { id });
        });
      },
    );
    response.end();
  });
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a TCP server's address
  const visits = Array.from({ length: REQUESTS }, async (_, i) => {
    const headers = { "x-posthog-distinct-id": `user-${i}`, "x-posthog-session-id": `s-${i}` };
    const response = await fetch(`http://127.0.0.1:${port}/${i}?cart`, { headers });
    await response.text();
  });
  await Promise.all(visits);
  server.close();
  await Promise.all([shop.shutdown(), billing.shutdown()]);
  const [shopEvents, billingEvents] = received;
  return [contentOf(shopEvents), contentOf(billingEvents)];
}

describe("contexts of two clients", () => {
  it("add nothing to each other's events, like the vendor's", async () => {
    const [shop, billing] = await served(true);
    expect(shop.length).toBe(2 * REQUESTS);
    expect(billing.length).toBe(3 * REQUESTS);
    expect(shop.join()).not.toMatch(/account-|invoice/);
    expect(billing.join()).not.toMatch(/user-|"s-|cart|127\.0\.0\.1|\$current_url|\$session_id/);
    expect([shop, billing]).toEqual(await served(false));
  });
});

describe("contexts of the module functions", () => {
  const events = (): [PostHog, Event[]] => {
    const list: Event[] = [];
    return [new PostHog("phc_key", receiving(list) as never), list];
  };

  it("belong to settings.defaultClient only", async () => {
    const [shared, sharedEvents] = events();
    const [other, otherEvents] = events();
    settings.defaultClient = shared;
    newContext(() => {
      tag("plan", "pro");
      capture("shared");
      other.capture({ event: "other" });
      other.withContext({ distinctId: "o", properties: { o: 1 } }, () => capture("nested"));
    });
    settings.defaultClient = null;
    await Promise.all([shared.shutdown(), other.shutdown()]);
    const properties = sharedEvents.map((it) => it.properties);
    expect(properties).toEqual([
      expect.objectContaining({ plan: "pro", $context_tags: ["plan"] }),
      expect.objectContaining({ plan: "pro", $context_tags: ["plan"] }),
    ]);
    expect(JSON.stringify(sharedEvents)).not.toMatch(/"o":1|"distinct_id":"o"/);
    expect(otherEvents.map((it) => it.properties)).toEqual([
      expect.not.objectContaining({ plan: "pro" }),
    ]);
  });

  it("that surround the first call apply to the client that it creates", () => {
    settings.apiKey = "phc_key";
    settings.send = false;
    newContext(() => {
      tag("plan", "pro");
      capture("first");
      expect(settings.defaultClient?.getContext()?.properties).toEqual({ plan: "pro" });
    });
    settings.defaultClient = null;
    settings.apiKey = null;
    settings.send = true;
  });

  it("add their tags to a failure that another client captures", async () => {
    const [other, otherEvents] = events();
    const failing = (): never => {
      tag("step", "payment");
      throw new Error("declined");
    };
    expect(() => newContext(failing, { client: other })).toThrow("declined");
    await other.shutdown();
    expect(otherEvents.map((it) => it.properties)).toEqual([
      expect.objectContaining({ step: "payment" }),
    ]);
  });
});
