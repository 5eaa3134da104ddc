import { PostHog as VendorPostHog } from "posthog-node";
import { describe, expect, it } from "vitest";
import { PostHog, type PostHogOptions } from "../../src/index.js";

type Create = (options: PostHogOptions) => PostHog;
const OURS: Create = (options) => new PostHog("phc_key", options);
const THEIRS: Create = (options) => new VendorPostHog("phc_key", options as never) as never;

describe("a client, beside the vendor's", () => {
  it.each(["captureException", "captureExceptionImmediate"] as const)(
    "gives the event of %s the context of the call, which ends before it is made",
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

  it("has 30 seconds for a shutdown whose time is null", async () => {
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

  it.each([
    { disabled: true },
    { disabled: true, defaultOptIn: false },
    {},
    { defaultOptIn: false },
  ])("is opted out or not, with %o", async (options) => {
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
