import { askOneText } from "../workload/shop.js";

const startedAtNs = process.hrtime.bigint();
const { GrowthBook } = await import("@growthbook/growthbook");
const growthbook = new GrowthBook({ apiHost: process.argv[2] ?? "", clientKey: "bench" });
await growthbook.init();
const figure = process.hrtime.bigint() - startedAtNs;
askOneText({
  getStringAssignment: (flagKey, _, __, defaultValue) =>
    growthbook.getFeatureValue(flagKey, defaultValue),
});
process.stdout.write(`${figure}`, () => process.exit());
