import { GrowthBook } from "@growthbook/growthbook";
import { HALVES, halvesBytes } from "../features.js";

const payload = JSON.parse(new TextDecoder().decode(halvesBytes(99)));
const instance = new GrowthBook({ attributes: { id: "user-1" } }).initSync({ payload });
if (instance.getFeatureValue(HALVES, "") === "") process.exitCode = 1;
