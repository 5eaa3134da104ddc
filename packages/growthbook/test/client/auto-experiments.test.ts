import { readFileSync } from "node:fs";
import { join } from "node:path";
import { conformanceFolder } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { type AutoExperiment, GrowthBook, type Options } from "../../src/index.js";

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

it("a malformed auto experiment does not affect the others", () => {
  const warnings: unknown[] = [];
  const write = (message: string): void => void warnings.push(message);
  const diagnostics = { debug: write, info: write, warn: write, error: write };
  const visual = { key: "visual", variations: [{}, { css: "p {}" }], weights: [0, 1] };
  const experiments = [null, { key: "x" }, visual] as unknown as AutoExperiment[];
  const gb = new GrowthBook({ attributes: { id: "u1" }, experiments, diagnostics });
  expect([...gb.getAllResults().keys()]).toEqual(["visual"]);
  expect(warnings.length).toBeGreaterThan(0);
});
