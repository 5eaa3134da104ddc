import { beforeAll, describe, expect, it, vi } from "vitest";
import * as sortition from "../../src/index.js";
import { attributes, features, sides } from "./scene.js";

// Pollers and streams load this module on first use, which no fake clock waits for.
beforeAll(() => import("@sortition/node/internal"));

describe("an unusual number", () => {
  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "has the same effect as in the vendor's SDK: init({ timeout: %d })",
    async (timeout) => {
      const { ours, theirs } = sides(async ({ sdk }) => {
        const gb = new sdk.GrowthBook({ clientKey: "sdk-1", attributes });
        const outcome = gb.init({ timeout });
        await vi.advanceTimersByTimeAsync(200);
        const { source, success } = await outcome;
        gb.destroy({ destroyAllStreams: true });
        return [source, success];
      });
      expect(await ours([])).toEqual(await theirs([]));
    },
  );
});

describe("a value of another type", () => {
  const warnings: unknown[] = [];
  const warn = (message: string) => warnings.push(message);

  it("is reported, and the instance uses the default", () => {
    const options = { enabled: "", trackingCallback: "log", features, attributes };
    const diagnostics = { debug() {}, info() {}, error() {}, warn };
    const gb = new sortition.GrowthBook({ ...options, diagnostics } as never);
    expect(warnings.splice(0)).toEqual([
      "option enabled: expected a boolean; its default is used",
      "option trackingCallback: expected a function; its default is used",
    ]);
    expect(gb.evalFeature("tested").source).toBe("experiment");
  });

  it("is reported, and the client uses the default", () => {
    const diagnostics = { debug() {}, info() {}, error() {}, warn };
    const gb = new sortition.GrowthBookClient({ qaMode: "false", diagnostics } as never);
    expect(warnings.splice(0)).toEqual(["option qaMode: expected a boolean; its default is used"]);
    gb.initSync({ payload: { features } });
    expect(gb.evalFeature("tested", { attributes }).source).toBe("experiment");
  });
});
