import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { describe, expect, it } from "vitest";
import { urlOf } from "../../src/config/listen.js";
import { askAll, askOne, evaluating, fileOf } from "../ofrep/ground.js";
import { openStream } from "../open-stream.js";
import { relayOf } from "../start.js";
import { textOf, Visitor } from "./visitor.js";

const ALICE = { targetingKey: "alice-4720", plan: "gold-4721" };

const start = async (loggers: readonly object[]) => {
  const relay = await relayOf({
    environments: [evaluating("eppo", PAYLOADS.eppo, { loggers })],
  });
  return {
    relay,
    visitor: new Visitor(relay),
    base: `${urlOf(relay.adminAddress)}/page/eppo/live`,
  };
};

const logging = () => [{ type: "ndjson", path: `${fileOf(null)}.events` }];

describe("exposures as they are logged", () => {
  it("are sent to every reader with flag, variation and time, but without the subject", async () => {
    const { base, relay, visitor } = await start(logging());
    const page = await visitor.get("/page/eppo/live");
    expect(textOf(page.text)).toContain("This page needs JavaScript");
    const streams = await Promise.all([openStream(`${base}/events`), openStream(`${base}/events`)]);
    await askAll(relay.url, ALICE); // a bulk evaluation logs nothing
    await askOne(relay.url, "boolean", ALICE);
    await askOne(relay.url, "boolean", ALICE); // a repetition is not logged
    for (const stream of streams) {
      await expect.poll(() => stream.text, { timeout: 5_000 }).toContain("data:");
      const [, data = ""] = /^data: (.*)$/m.exec(stream.text) ?? [];
      expect(JSON.parse(data)).toEqual({
        shown: [{ flagKey: "boolean", variation: expect.any(String), atMs: expect.any(Number) }],
        counts: [{ flagKey: "boolean", variation: expect.any(String), count: 1 }],
        others: 0,
      });
      expect(stream.text).not.toMatch(/-472\d/);
    }
  });

  it("are limited to 20 a second, but all are counted", async () => {
    const { base, relay } = await start(logging());
    const stream = await openStream(`${base}/events`);
    for (let i = 0; i < 50; i++) await askOne(relay.url, "boolean", { targetingKey: `user-${i}` });
    const ticks = () =>
      [...stream.text.matchAll(/^data: (.*)$/gm)].map(([, data = ""]) => JSON.parse(data));
    const counted = () =>
      ticks()
        .flatMap(({ counts }) => counts)
        .reduce((sum, { count }) => sum + count, 0);
    await expect.poll(counted, { timeout: 5_000 }).toBe(50);
    for (const { shown } of ticks()) expect(shown.length).toBeLessThanOrEqual(20);
  });

  it("are replaced by instructions in an environment without loggers", async () => {
    const { visitor } = await start([]);
    const page = await visitor.get("/page/eppo/live");
    expect(page.status).toBe(200);
    expect(textOf(page.text)).toMatch(/ExposuresThis environment has no loggers/);
    expect(textOf(page.text)).toContain('"loggers": [');
    expect(page.text).not.toContain("<script");
    const events = await visitor.get("/page/eppo/live/events");
    expect(events.status).toBe(404);
    expect(textOf(events.text)).toContain("has no loggers");
    expect((await visitor.get("/page/eppo/flags")).text).toContain("/page/eppo/live");
  });
});
