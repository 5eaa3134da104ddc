import { readFileSync } from "node:fs";
import { join } from "node:path";
import { conformanceFolder } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { type AutoExperiment, GrowthBook, type Options } from "../../src/index.js";
import { BOTH } from "./sdks.js";

const shared = conformanceFolder("growthbook");

describe.skipIf(shared === null)("the vendor's conformance data: urlRedirect", () => {
  const cases: readonly [string, Options, { urlRedirect: string; urlWithParams: string }[]][] =
    shared === null
      ? []
      : JSON.parse(readFileSync(join(shared, "growthbook", "cases.json"), "utf8")).urlRedirect;

  it("has 4 cases", () => expect(cases).toHaveLength(4));

  for (const [name, options, expected] of cases) {
    it(name, () => {
      const urls: string[] = [];
      const gb = new GrowthBook({ ...options, navigate: (url) => void urls.push(url) });
      const results = [...gb.getAllResults().values()].map(({ result }) => result);
      const seen = results
        .filter(({ inExperiment }) => inExperiment)
        .map(({ inExperiment, value }) => ({
          inExperiment,
          urlRedirect: (value as { urlRedirect?: string }).urlRedirect,
          urlWithParams: gb.getRedirectUrl(),
        }));
      expect(seen).toEqual(expected);
      expect(urls).toEqual(expected.map(({ urlWithParams }) => urlWithParams));
    });
  }
});

const PAGE = [{ type: "simple", include: true, pattern: "/a" }] as const;

function visual(more: Partial<AutoExperiment> = {}): AutoExperiment {
  return { key: "visual", variations: [{}, { css: "p {}", js: "1" }], weights: [0, 1], ...more };
}

function redirect(more: Partial<AutoExperiment> = {}): AutoExperiment {
  return {
    key: "redirect",
    urlPatterns: [...PAGE],
    variations: [{}, { urlRedirect: "https://x.example/b" }],
    weights: [0, 1],
    ...more,
  };
}

describe.each(BOTH)("auto experiments of $name", ({ sdk }) => {
  const run = (options: Options): unknown => {
    const urls: string[] = [];
    const tracked: string[] = [];
    const gb = new sdk.GrowthBook({
      attributes: { id: "u1" },
      url: "https://x.example/a",
      navigate: (url) => void urls.push(url),
      trackingCallback: ({ key }) => void tracked.push(key),
      ...options,
    });
    const listed = [...gb.getAllResults()].map(([key, { result }]) => [key, result.inExperiment]);
    return { listed, tracked, urls, to: gb.getRedirectUrl(), changed: gb.getCompletedChangeIds() };
  };
  const nothing = { listed: [], tracked: [], urls: [], to: "", changed: [] };

  it("run and are tracked", () => {
    expect(run({ experiments: [visual({ changeId: "c" })] })).toEqual({
      ...nothing,
      listed: [["visual", true]],
      tracked: ["visual"],
      changed: ["c"],
    });
  });

  it("stop at the first redirect", () => {
    expect(run({ experiments: [redirect(), visual()] })).toEqual({
      ...nothing,
      listed: [["redirect", true]],
      tracked: ["redirect"],
      urls: ["https://x.example/b"],
      to: "https://x.example/b",
    });
  });

  it("do not redirect to the current URL", () => {
    const variations: AutoExperiment["variations"] = [{}, { urlRedirect: "https://x.example/a" }];
    expect(run({ experiments: [redirect({ variations })] })).toEqual({
      ...nothing,
      listed: [["redirect", true]],
      tracked: ["redirect"],
    });
  });

  it.each<[string, Options]>([
    ["manual", { experiments: [visual({ manual: true })] }],
    ["of unknown changes", { experiments: [visual({ variations: [{}, {}] })] }],
    ["visual and disabled", { experiments: [visual()], disableVisualExperiments: true }],
    ["with JavaScript and disabled", { experiments: [visual()], disableJsInjection: true }],
    ["blocked", { experiments: [visual({ changeId: "c" })], blockedChangeIds: ["c"] }],
    ["redirects and disabled", { experiments: [redirect()], disableUrlRedirectExperiments: true }],
    ["redirects without a URL", { experiments: [redirect()], url: "" }],
    ["disabled on load", { experiments: [visual()], disableExperimentsOnLoad: true }],
    [
      "redirects to elsewhere and disabled",
      {
        experiments: [redirect({ variations: [{}, { urlRedirect: "https://y.example/" }] })],
        disableCrossOriginUrlRedirectExperiments: true,
      },
    ],
  ])("do not run if they are %s", (_, options) => {
    expect(run(options)).toEqual(nothing);
  });

  it("run when they are triggered", () => {
    const experiments = [visual({ manual: true }), visual({ key: "other" })];
    const gb = new sdk.GrowthBook({
      attributes: { id: "u1" },
      experiments,
      disableExperimentsOnLoad: true,
    });
    expect(gb.getAllResults().size).toBe(0);
    expect(gb.triggerExperiment("visual")).toEqual([gb.getAllResults().get("visual")?.result]);
    gb.triggerAutoExperiments();
    expect([...gb.getAllResults().keys()]).toEqual(["visual", "other"]);
    expect(new sdk.GrowthBook().triggerExperiment("visual")).toBeNull();
    const blocked = new sdk.GrowthBook({ experiments, disableVisualExperiments: true });
    expect(blocked.triggerExperiment("visual")).toEqual([
      expect.objectContaining({ inExperiment: false, featureId: "", key: "0" }),
    ]);
  });

  it("run again when the user changes", async () => {
    const gb = new sdk.GrowthBook({ experiments: [visual(), redirect()] });
    const inExperiment = (): (boolean | undefined)[] =>
      ["visual", "redirect"].map((key) => gb.getAllResults().get(key)?.result.inExperiment);
    expect(inExperiment()).toEqual([false, undefined]);
    await gb.setAttributes({ id: "u1" });
    expect(inExperiment()).toEqual([true, undefined]);
    await gb.setURL("https://x.example/a");
    expect(inExperiment()).toEqual([true, true]);
    expect(gb.getRedirectUrl()).toBe("https://x.example/b");
    await gb.setForcedVariations({ redirect: 0 });
    gb.forceVariation("visual", 0);
    expect(gb.getAllResults().get("visual")?.result.variationId).toBe(0);
    gb.setExperiments([visual({ key: "new" })]);
    expect(gb.getAllResults().has("new")).toBe(true);
  });

  it("have a type that depends on their changes", () => {
    const typeOf = sdk.getAutoExperimentChangeType;
    expect([visual(), redirect(), visual({ variations: [{}, {}] })].map(typeOf)).toEqual([
      "visual",
      "redirect",
      "unknown",
    ]);
  });
});

it("a malformed auto experiment does not affect the others", () => {
  const warnings: unknown[] = [];
  const write = (message: string): void => void warnings.push(message);
  const diagnostics = { debug: write, info: write, warn: write, error: write };
  const experiments = [null, { key: "x" }, visual()] as unknown as AutoExperiment[];
  const gb = new GrowthBook({ attributes: { id: "u1" }, experiments, diagnostics });
  expect([...gb.getAllResults().keys()]).toEqual(["visual"]);
  expect(warnings.length).toBeGreaterThan(0);
});
