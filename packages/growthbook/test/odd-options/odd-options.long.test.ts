import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { describeOddOptions, ignoreRejectionsOf } from "@sortition/dialect-kit/odd-options";
import { beforeAll, vi } from "vitest";
import type * as sortition from "../../src/index.js";
import { attributes, features, sides } from "./scene.js";

const manifest = createRequire(import.meta.url).resolve("@growthbook/growthbook/package.json");

// With an odd sticky bucket service, the vendor's SDK leaves unhandled rejections.
ignoreRejectionsOf("/@growthbook/growthbook/");
// Pollers and streams load this module on first use, which no fake clock waits for.
beforeAll(() => import("@sortition/node/internal"));

/** Returns the results of an instance. */
function answersOf(gb: sortition.GrowthBook): unknown {
  const { on, source, value } = gb.evalFeature("tested");
  return [gb.isOn("flag"), on, source, value, gb.ready, gb.getUrl()];
}

describeOddOptions("@growthbook/growthbook", {
  declarations: manifest.replace("package.json", "dist/index.d.ts"),
  isVendorFile: (path) => path.includes("/@growthbook/growthbook/"),
  page: fileURLToPath(new URL("../../../../docs/vendors/growthbook.md", import.meta.url)),
  differences: [],
  calls: [
    {
      callee: "new GrowthBook",
      isTyped: true,
      valid: () => [{ features, attributes: { ...attributes } }],
      ...sides(({ sdk }, [options]) => {
        const gb = new sdk.GrowthBook(options as sortition.Options);
        const answers = answersOf(gb);
        gb.destroy();
        return answers;
      }),
    },
    {
      callee: "new GrowthBookClient",
      isTyped: true,
      valid: () => [{ globalAttributes: { ...attributes } }],
      ...sides(({ sdk }, [options]) => {
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
      isTyped: true,
      valid: () => [{ timeout: 100 }],
      ...sides(async ({ sdk }, [options]) => {
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
      isTyped: true,
      valid: () => [{ payload: { features }, timeout: 100 }],
      ...sides(async ({ sdk }, [options]) => {
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
