import { Configuration } from "@sortition/core";
import { expect, it } from "vitest";
import { amplitude } from "../factory.js";
import { amplitudeExplainer } from "./explainer.js";

it("observes a configuration without decoding its flags", () => {
  const flags = ["a", "b"].map((key) => ({ key, variants: {}, segments: [] }));
  const configuration = Configuration.from({
    dialect: amplitude(),
    payloads: { flags: JSON.stringify(flags) },
  });
  amplitudeExplainer.explaining(configuration);
  expect(configuration.issueCount).toEqual({ found: 0, complete: false });
});
