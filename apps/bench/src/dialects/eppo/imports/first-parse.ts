// Parses one configuration from stdin.
import { readFileSync } from "node:fs";
import { timeStart } from "../../../process/time-start.js";

const text = readFileSync(0, "utf8");

await timeStart({ expected: ["object"] }, async (mark) => {
  const parsed: { readonly flags?: unknown } = JSON.parse(text);
  mark("load");
  return typeof parsed.flags;
});
