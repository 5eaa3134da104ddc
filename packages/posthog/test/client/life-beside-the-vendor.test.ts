import { inspect } from "node:util";
import { PostHog as VendorPostHog } from "posthog-node";
import { afterEach, describe, expect, it, vi } from "vitest";
import { PostHog, type PostHogOptions } from "../../src/index.js";

type Create = (options: PostHogOptions) => PostHog;
const OURS: Create = (options) => new PostHog("phc_key", options);
const THEIRS: Create = (options) => new VendorPostHog("phc_key", options as never) as never;

afterEach(() => void vi.useRealTimers());

describe("a client, compared with the vendor's,", () => {
  it.each(["captureException", "captureExceptionImmediate"] as const)(
    "uses the context of the call for the event of %s, although it ends before the event is created",
    async (method) => {
      for (const create of [OURS, THEIRS]) {
        const events: unknown[] = [];
        const client = create({
          disableCompression: true,
          fetch: async (_, { body }) => {
            events.push(...JSON.parse(String(body)).batch);
            return new Response("{}");
          },
        });
        const ending = new AbortController();
        const { signal } = ending;
        const data = { distinctId: "carol", sessionId: "s", properties: { tag: 1 } };
        const sent = client.withContext(data, () => client[method](new Error("boom")), { signal });
        ending.abort();
        await sent;
        await client.shutdown();
        const properties = { tag: 1, $session_id: "s" };
        expect(events).toMatchObject([{ distinct_id: "carol", properties }]);
      }
    },
  );

  it("sets the time of an event to the time when its flags were received", async () => {
    const delays: number[][] = [];
    for (const create of [OURS, THEIRS]) {
      vi.useFakeTimers({ now: 1_800_000_000_000 });
      const events: { readonly timestamp: string; readonly uuid: string }[] = [];
      const client = create({
        disableCompression: true,
        fetch: async (url, { body }) => {
          if (url.includes("/batch")) events.push(...JSON.parse(String(body)).batch);
          else await new Promise((resolve) => setTimeout(resolve, 500));
          return new Response('{"flags":{}}');
        },
      });
      client.capture({ distinctId: "alice", event: "e", sendFeatureFlags: true });
      await vi.advanceTimersByTimeAsync(60_000);
      delays.push(
        events.flatMap(({ timestamp, uuid }) => [
          Date.parse(timestamp) - 1_800_000_000_000,
          Number.parseInt(uuid.replace("-", "").slice(0, 12), 16) - 1_800_000_000_000,
        ]),
      );
      vi.useRealTimers();
    }
    expect(delays).toEqual([
      [500, 500],
      [500, 500],
    ]);
  });

  it("returns contexts with all members, unless they are fresh", () => {
    const shown: string[][] = [];
    for (const create of [OURS, THEIRS]) {
      const client = create({});
      const show = (data: object, fresh: boolean) =>
        client.withContext(data, () => inspect(client.getContext()), { fresh });
      const datas = [{}, { distinctId: "a" }, { sessionId: "s" }, { properties: {} }];
      shown.push(datas.flatMap((data) => [show(data, false), show(data, true)]));
    }
    expect(shown[0]).toEqual(shown[1]);
  });

  it("allows 30 s for a shutdown with a timeout of null", async () => {
    const delivered: number[] = [];
    for (const create of [OURS, THEIRS]) {
      let answers = 0;
      const client = create({
        fetch: async () => {
          await new Promise((resolve) => setTimeout(resolve, 50));
          answers += 1;
          return new Response("{}");
        },
      });
      client.capture({ distinctId: "alice", event: "e" });
      await client.shutdown(null as never);
      delivered.push(answers);
    }
    expect(delivered).toEqual([1, 1]);
  });

  it("completes calls that were made before its shutdown", async () => {
    const answers: unknown[] = [];
    for (const create of [OURS, THEIRS]) {
      const client = create({
        secretKey: "phx_key",
        enableLocalEvaluation: false,
        fetch: async (url) => {
          await new Promise((resolve) => setTimeout(resolve, 50));
          const on = { key: "on", enabled: true, variant: "blue" };
          return Response.json(url.includes("/flags/") ? { flags: { on } } : "5");
        },
      });
      const asked = [
        client.getFeatureFlag("on", "alice", { sendFeatureFlagEvents: false }),
        client.getAllFlags("alice"),
        client.getRemoteConfigPayload("config"),
      ];
      await client.shutdown();
      answers.push(await Promise.all(asked));
    }
    expect(answers[0]).toEqual(["blue", { on: "blue" }, 5]);
    expect(answers[1]).toEqual(answers[0]);
  });

  it("requests definitions again a minute after each refusal, if an evaluation needs them", async () => {
    const times: number[][] = [];
    for (const create of [OURS, THEIRS]) {
      vi.useFakeTimers({ toFake: ["Date", "hrtime", "performance", "setTimeout", "clearTimeout"] });
      const startedAtMs = Date.now();
      const asked: number[] = [];
      const client = create({
        secretKey: "phx_key",
        featureFlagsPollingInterval: null,
        sendFeatureFlagEvent: false,
        fetch: async (url) => {
          const isOfFlags = url.includes("/definitions");
          if (isOfFlags) asked.push(Date.now() - startedAtMs);
          return Response.json({ flags: {} }, { status: isOfFlags ? 429 : 200 });
        },
      });
      client.on("error", () => {});
      for (let i = 0; i <= 10; i++) {
        await client.getFeatureFlag("on", "alice");
        await vi.advanceTimersByTimeAsync(15_000);
      }
      vi.useRealTimers();
      await client.shutdown();
      times.push(asked);
    }
    expect(times[0]).toEqual([0, 60_000, 120_000]);
    expect(times[1]).toEqual(times[0]);
  });

  it.each([
    { disabled: true },
    { disabled: true, defaultOptIn: false },
    {},
    { defaultOptIn: false },
  ])("has the same opt-out state with %o", async (options) => {
    const seen: unknown[] = [];
    for (const create of [OURS, THEIRS]) {
      const client = create(options);
      const states = [client.optedOut];
      for (const change of [client.optOut, client.optIn, client.disable, client.enable]) {
        await change.call(client);
        states.push(client.optedOut);
      }
      seen.push(states);
      await client.shutdown();
    }
    expect(seen[0]).toEqual(seen[1]);
  });
});
