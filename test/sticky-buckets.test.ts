import { describe, expect, it, vi } from "vitest";
import { Configuration, createClient } from "../packages/core/src/index.ts";
import { edgeClient } from "../packages/edge/src/index.ts";
import { growthbook } from "../packages/growthbook/src/dialect.ts";
import { GrowthBook, InMemoryStickyBucketService } from "../packages/growthbook/src/index.ts";
import { SortitionProvider } from "../packages/openfeature/src/index.ts";
import { webFlags } from "../packages/web/src/server.ts";

const ignore = (): void => {};

/** An experiment whose split changed while users were in it. */
const EXPERIMENT = {
  key: "checkout",
  variations: ["old", "new"],
  weights: [0, 1],
  meta: [{ key: "0" }, { key: "1" }],
};

const payloadOf = (members: object): string =>
  JSON.stringify({
    features: {
      checkout: {
        defaultValue: "none",
        rules: [{ ...EXPERIMENT, ...members }],
      },
    },
  });

type Warn = (...warning: unknown[]) => void;

function clientOf(payload: string, warn: Warn) {
  const dialect = growthbook();
  return createClient({
    dialect,
    initialConfiguration: Configuration.from({ dialect, payloads: { flags: payload } }),
    diagnostics: { debug: ignore, info: ignore, warn, error: warn },
  });
}

async function askClass(payload: string, warn: Warn, more: object): Promise<unknown> {
  const gb = new GrowthBook({
    ...{ attributes: { id: "user-1", device: "d1" }, trackingCallback: ignore, ...more },
    diagnostics: { debug: ignore, info: ignore, warn, error: warn },
  });
  await gb.init({ payload: JSON.parse(payload) });
  return gb.getFeatureValue("checkout", "default");
}

/** Ways to evaluate flags: each returns the value for a user whose bucket in the service is the former variation. */
const HOSTS: Readonly<Record<string, (payload: string, warn: Warn) => Promise<unknown>>> = {
  "the class with a service": async (payload, warn) => {
    const stickyBucketService = new InMemoryStickyBucketService();
    await stickyBucketService.saveAssignments({
      ...{ attributeName: "id", attributeValue: "user-1" },
      assignments: { checkout__1: "0" },
    });
    return askClass(payload, warn, { stickyBucketService });
  },
  "the class without a service": (payload, warn) => askClass(payload, warn, {}),
  "a native client": async (payload, warn) =>
    clientOf(payload, warn).getStringAssignment("checkout", "user-1", {}, "default"),
  "an edge client": async (payload, warn) => {
    const flags = edgeClient({
      dialect: growthbook(),
      apiKey: "key",
      fetch: async () => new Response(payload),
      diagnostics: { debug: ignore, info: ignore, warn, error: warn },
    });
    const client = await flags.forRequest({ waitUntil: ignore });
    return client.getStringAssignment("checkout", "user-1", {}, "default");
  },
  OpenFeature: async (payload, warn) => {
    const provider = new SortitionProvider(clientOf(payload, warn));
    const logger = { debug: ignore, info: ignore, warn, error: warn };
    const context = { targetingKey: "user-1" };
    return (await provider.resolveStringEvaluation("checkout", "default", context, logger)).value;
  },
  "a page": async (payload, warn) => {
    const { snapshot } = webFlags({
      client: clientOf(payload, warn),
      subject: () => ({ subjectKey: "user-1" }),
      audience: "shop",
      secrets: [Buffer.alloc(32).toString("base64url")],
    });
    const shown = await snapshot({ checkout: "default" }, new Request("https://shop.example/"));
    return shown.values["checkout"];
  },
};

const EXPERIMENTS: readonly { readonly members: object; kept: string; isSticky: boolean }[] = [
  { members: { bucketVersion: 1 }, kept: "old", isSticky: false },
  { members: { bucketVersion: 1, minBucketVersion: 0 }, kept: "old", isSticky: false },
  { members: { bucketVersion: 2, minBucketVersion: 2 }, kept: "none", isSticky: true },
  { members: { bucketVersion: 1, fallbackAttribute: "device" }, kept: "old", isSticky: true },
  {
    members: { bucketVersion: 1, fallbackAttribute: "device", disableStickyBucketing: true },
    kept: "new",
    isSticky: false,
  },
];

describe.each(Object.keys(HOSTS))("an experiment of GrowthBook in %s", (host) => {
  it.each(EXPERIMENTS)(
    "with $members is warned about: $isSticky, unless the host has sticky buckets",
    async ({ isSticky, kept, members }) => {
      const warnings: string[] = [];
      const value = await HOSTS[host]?.(payloadOf(members), (...warning) => {
        warnings.push(JSON.stringify(warning));
      });
      expect(value).toBe(host === "the class with a service" ? kept : "new");
      const count = isSticky && !host.startsWith("the class") ? 1 : 0;
      await vi.waitFor(() => expect(warnings).toHaveLength(count));
      for (const it of warnings) expect(it).toContain("the experiment needs sticky buckets");
    },
  );
});
