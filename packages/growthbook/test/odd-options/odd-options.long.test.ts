import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import * as vendor from "@growthbook/growthbook";
import { describeOddOptions, ignoreRejectionsOf } from "@sortition/dialect-kit/odd-options";
import { vi } from "vitest";
import * as sortition from "../../src/index.js";

type Sdk = typeof sortition;
type Side = (given: unknown[]) => unknown;

const manifest = createRequire(import.meta.url).resolve("@growthbook/growthbook/package.json");
const features = {
  flag: { defaultValue: false, rules: [{ condition: { plan: "pro" }, force: true }] },
  tested: { rules: [{ variations: ["a", "b"], coverage: 1 }] },
};
const attributes = { id: "alice", plan: "pro" };
/** Settings are the process's: what one call changes, the next one would see. */
const SETTINGS = {
  backgroundSync: true,
  cacheKey: "gbFeaturesCache",
  staleTTL: 60_000,
  maxAge: 4 * 3_600_000,
  maxEntries: 10,
  disableIdleStreams: false,
  idleStreamInterval: 20_000,
  disableCache: false,
};

// With an odd sticky bucket service the vendor leaves rejected promises behind.
ignoreRejectionsOf("/@growthbook/growthbook/");

/** Runs a call with both packages, silently and on a fake clock. What it returns and requests is compared. */
function sides(use: (sdk: Sdk, given: unknown[]) => unknown): { theirs: Side; ours: Side } {
  const side =
    (sdk: Sdk): Side =>
    async (given) => {
      const methods = (["warn", "error", "log", "info"] as const).map((name) =>
        vi.spyOn(console, name).mockImplementation(() => {}),
      );
      vi.useFakeTimers();
      const requests: string[] = [];
      const fetch = async (url: string): Promise<Response> => {
        requests.push(url);
        return Response.json({ features });
      };
      sdk.setPolyfills({ fetch });
      try {
        const effect = await use(sdk, given);
        // Whether it polls, and whom it asks; how often within a millisecond is chance.
        return { effect, requests: requests.slice(0, 3) };
      } finally {
        sdk.setPolyfills({ fetch: globalThis.fetch, EventSource: undefined });
        await sdk.clearCache();
        sdk.configureCache(SETTINGS);
        vi.useRealTimers();
        for (const method of methods) method.mockRestore();
      }
    };
  return { theirs: side(vendor as unknown as Sdk), ours: side(sortition) };
}

/** What an instance answers. */
function answersOf(gb: sortition.GrowthBook): unknown {
  const { on, source, value } = gb.evalFeature("tested");
  return [gb.isOn("flag"), on, source, value, gb.ready, gb.getUrl()];
}

describeOddOptions("@growthbook/growthbook", {
  declarations: manifest.replace("package.json", "dist/index.d.ts"),
  isVendorFile: (path) => path.includes("/@growthbook/growthbook/"),
  page: fileURLToPath(new URL("../../../../docs/migrate/from-growthbook-node.md", import.meta.url)),
  differences: [],
  calls: [
    {
      callee: "new GrowthBook",
      valid: () => [{ features, attributes: { ...attributes } }],
      ...sides((sdk, [options]) => {
        const gb = new sdk.GrowthBook(options as sortition.Options);
        const answers = answersOf(gb);
        gb.destroy();
        return answers;
      }),
    },
    {
      callee: "new GrowthBookClient",
      valid: () => [{ globalAttributes: { ...attributes } }],
      ...sides((sdk, [options]) => {
        const gb = new sdk.GrowthBookClient(options as sortition.ClientOptions);
        gb.initSync({ payload: { features } });
        const user = { attributes: { id: "alice" } };
        const answers = [gb.isOn("flag", user), gb.getFeatureValue("tested", "", user), gb.ready];
        gb.destroy();
        return answers;
      }),
    },
    {
      callee: "GrowthBook#init",
      valid: () => [{ timeout: 100 }],
      ...sides(async (sdk, [options]) => {
        const gb = new sdk.GrowthBookClient({ clientKey: "sdk-1" });
        const outcome = gb.init(options as sortition.InitOptions);
        await vi.advanceTimersByTimeAsync(200);
        const { source, success } = await outcome;
        gb.destroy({ destroyAllStreams: true });
        return [source, success];
      }),
    },
    {
      callee: "GrowthBook#init",
      valid: () => [{ payload: { features }, timeout: 100 }],
      ...sides(async (sdk, [options]) => {
        const gb = new sdk.GrowthBook({ clientKey: "sdk-1", attributes });
        const outcome = gb.init(options as sortition.InitOptions);
        await vi.advanceTimersByTimeAsync(200);
        const { source, success } = await outcome;
        const answers = [source, success, answersOf(gb)];
        gb.destroy({ destroyAllStreams: true });
        return answers;
      }),
    },
  ],
});
