import { type Client, shadow } from "@sortition/core";
import { split, testFlags } from "@sortition/testing";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { type WebFlagsOptions, webFlags } from "../src/server.js";
import {
  DIALECTS,
  describeFlags,
  factsOf,
  type LoggedClient,
  loggedClient,
} from "./support/flags.js";
import { postBody, postShown } from "./support/post.js";
import { newSecret } from "./support/secrets.js";

const SEAL = { audience: "shop-test", secrets: [newSecret()] };
const DEFAULTS = { checkout: "none", search: "none" };

function webOf(client: Client, options: Partial<WebFlagsOptions<Request>> = {}) {
  const subject = { subjectKey: "alice", attributes: { plan: "pro" } };
  return webFlags({ client, ...SEAL, subject: () => subject, ...options });
}

/** A shop whose visitor gets `fast`. */
function shop() {
  const flags = testFlags();
  describeFlags(flags, { fast: 100, standard: 0 });
  const logged = loggedClient(flags);
  return { flags, ...logged, web: webOf(logged.client) };
}

describe("POST", () => {
  it("logs what was shown once, although the process that receives it has another configuration", async () => {
    const native = shop();
    native.client.getStringAssignment("checkout", "alice", { plan: "pro" }, "none");
    const rendering = shop();
    const receiving = shop();
    describeFlags(receiving.flags, { fast: 0, standard: 100 });
    const shown = await rendering.web.snapshot(DEFAULTS);
    for (let i = 0; i < 3; i++) {
      expect(await postShown(receiving.web.POST, shown, ["checkout", "checkout"])).toBe(204);
    }
    expect(factsOf(receiving.events)).toEqual(factsOf(native.events));
    expect(receiving.events).toMatchObject([
      { variation: "fast", subjectAttributes: { plan: "pro" } },
    ]);
    expect(receiving.client.status.counters.web).toMatchObject({ posts: 3, malformed: 0 });
    // A second process logs it again, but its event has the same ID.
    const second = shop();
    await postShown(second.web.POST, shown, ["checkout"]);
    expect(second.events[0]?.messageId).toBe(receiving.events[0]?.messageId);
  });

  it("answers 400, 405, 410 or 413, counts why, and logs nothing", async () => {
    const { client, events, web } = shop();
    const { POST } = web;
    const token = (await web.snapshot(DEFAULTS)).token ?? "";
    const other = await webOf(client, { audience: "other" }).snapshot(DEFAULTS);
    const old = await webOf(client, { maxAgeSeconds: 1e-9 }).snapshot(DEFAULTS);
    const bodies = ["", "{", "null", "7", "[]", "{}", JSON.stringify({ t: token })];
    const lists = ["checkout", ["checkout"], [0.5], { 0: 0 }, null].map((f) =>
      JSON.stringify({ t: token, f }),
    );
    const tokens = [null, 7, "", "1.", "1.AAAA"].map((t) => JSON.stringify({ t, f: [] }));
    for (const body of [...bodies, ...lists, ...tokens])
      expect(await postBody(POST, body)).toBe(400);
    expect(await postShown(POST, other, ["checkout"])).toBe(400);
    await new Promise((resolve) => setTimeout(resolve, 1_001 - (Date.now() % 1_000)));
    expect(await postShown(POST, old, ["checkout"])).toBe(410);
    expect(await postBody(POST, "x".repeat(16_385))).toBe(413);
    expect((await POST(new Request("https://shop.example/"))).status).toBe(405);
    expect(await postShown(POST, { logs: [], token }, ["absent"])).toBe(204);
    expect(events).toEqual([]);
    expect(client.status.counters.web).toMatchObject({
      malformed: 17,
      forged: 1,
      expired: 1,
      tooLarge: 1,
      unknownFlags: 1,
      posts: 1,
    });
  });

  it("answers 4xx to any other body", async () => {
    const { events, web } = shop();
    const { token } = await web.snapshot(DEFAULTS);
    const odd = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.json(),
      fc.record({ t: fc.jsonValue(), f: fc.jsonValue() }).map((it) => JSON.stringify(it)),
      // A valid token, but no list of indexes.
      fc
        .jsonValue()
        .filter((f) => !Array.isArray(f) || !f.every(Number.isSafeInteger))
        .map((f) => JSON.stringify({ t: token, f })),
      fc.uint8Array().map((it) => new Uint8Array(it)),
    );
    await fc.assert(
      fc.asyncProperty(odd, async (body) => {
        const status = await postBody(web.POST, body);
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
      }),
    );
    expect(events).toEqual([]);
  });

  it("refuses a body of 1 GB while it is read", async () => {
    const { client, web } = shop();
    let sent = 0;
    const chunk = new Uint8Array(8_192);
    const body = new ReadableStream({
      pull(controller) {
        sent += chunk.length;
        if (sent > 2 ** 30) controller.close();
        else controller.enqueue(chunk);
      },
    });
    expect(await postBody(web.POST, body)).toBe(413);
    expect(sent).toBeLessThan(100_000);
    expect(client.status.counters.web?.tooLarge).toBe(1);
  });

  it("counts a body that the browser did not finish", async () => {
    const { client, web } = shop();
    const body = () =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('{"t'));
          controller.error(new Error("aborted"));
        },
      });
    expect(await postBody(web.POST, body())).toBe(400);
    const request = new Request("https://shop.example/api/overrides", {
      method: "POST",
      body: body(),
      headers: { "sec-fetch-site": "same-origin" },
      duplex: "half",
    } as RequestInit);
    expect((await web.overrides.POST(request)).status).toBe(400);
    expect(client.status.counters.web).toMatchObject({ aborted: 2, malformed: 0 });
  });

  it.each(["POST", "overrides.POST"])(
    "%s counts and reports a body that the application has read or is reading",
    async (name) => {
      const warn = vi.fn<(message: string) => void>();
      const diagnostics = { debug() {}, info() {}, error() {}, warn };
      const { client } = loggedClient(testFlags(), { diagnostics });
      const web = webOf(client);
      const route = name === "POST" ? web.POST : web.overrides.POST;
      const uses = [(it: Request) => it.text(), (it: Request) => it.body?.getReader()];
      for (const use of uses) {
        const headers = { "sec-fetch-site": "same-origin" };
        const request = new Request("https://shop.example/", {
          method: "POST",
          body: "{}",
          headers,
        });
        await use(request);
        expect((await route(request)).status).toBe(400);
      }
      expect(client.status.counters.web).toMatchObject({ consumed: 2, malformed: 0 });
      expect(warn.mock.calls.map(([it]) => it)).toEqual([
        expect.stringMatching(
          /its body was read before: mount the route before .*, or pass a clone/,
        ),
      ]);
    },
  );

  it("logs 150 flags with long keys", async () => {
    const flags = testFlags();
    const defaults: Record<string, string> = {};
    for (let i = 0; i < 150; i++) {
      const key = `${"a-team-that-likes-to-write-long-names-".repeat(4)}${i}`;
      defaults[key] = "none";
      flags
        .string(key)
        .variations("a", "b")
        .otherwise(split({ a: 50, b: 50 }));
    }
    const { client, events } = loggedClient(flags);
    const web = webOf(client);
    const shown = await web.snapshot(defaults);
    expect(shown.logs).toHaveLength(150);
    expect(await postShown(web.POST, shown, shown.logs)).toBe(204);
    expect(events).toHaveLength(150);
  });

  it("refuses the exposures of another vendor, except those of a shadow's two", async () => {
    const [eppo, posthog] = ["Eppo", "PostHog"].map((name) => {
      const flags = DIALECTS.find(({ dialect }) => dialect === name)?.create() ?? testFlags();
      describeFlags(flags, { fast: 100, standard: 0 });
      return loggedClient(flags);
    }) as [LoggedClient, LoggedClient];
    const both = shadow({ primary: eppo.client, candidate: posthog.client });
    const shown = await webOf(posthog.client).snapshot(DEFAULTS);
    expect(await postShown(webOf(eppo.client).POST, shown, ["checkout"])).toBe(400);
    expect(eppo.events).toEqual([]);
    expect(eppo.client.status.counters.web).toMatchObject({ forged: 0, otherVendor: 1 });
    expect(await postShown(webOf(both).POST, shown, ["checkout"])).toBe(204);
    // The token names the side that serves.
    both.serveFrom("candidate");
    const served = await webOf(both).snapshot(DEFAULTS);
    expect(await postShown(webOf(posthog.client).POST, served, ["checkout"])).toBe(204);
  });

  it("counts exposures kept back and shown, however often a token is posted", async () => {
    const { client, web } = shop();
    const shown = await web.snapshot(DEFAULTS);
    for (let i = 0; i < 3; i++) await postShown(web.POST, shown, ["checkout"]);
    const { kept, shown: reported } = client.status.counters.exposures;
    expect([kept, reported]).toEqual([2, 3]);
  });

  it("answers 503 if the exposures cannot be logged, so that the browser tries again", async () => {
    const { client, events, web } = shop();
    const shown = await web.snapshot(DEFAULTS);
    const failing = shop();
    failing.client.setAssignmentLogger({
      logAssignment() {
        throw new Error("the pipeline is down");
      },
    });
    expect(await postShown(failing.web.POST, shown, ["checkout"])).toBe(503);
    expect(await postShown(web.POST, shown, ["checkout"])).toBe(204);
    await client.close();
    expect(await postShown(web.POST, shown, ["search"])).toBe(503);
    expect(events).toHaveLength(1);
  });
});
