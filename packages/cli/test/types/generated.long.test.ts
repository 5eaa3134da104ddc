import { join } from "node:path";
import { expect, it } from "vitest";
import { tempFolder } from "../run.js";
import { DIALECT_NAMES } from "./generated-flags.js";
import { compileFolder, writeCalls } from "./typed-calls.js";

/** The number of payloads per dialect. The environment variable allows more for a single run. */
const PAYLOADS = Number(process.env["SORTITION_TYPED_PAYLOADS"] ?? 2);

it("the types of generated flags compile exactly the calls whose value a subject can get", {
  timeout: 600_000,
}, async () => {
  const folder = join(tempFolder(), "types");
  for (const dialect of DIALECT_NAMES) {
    const { bad, good } = await writeCalls(folder, dialect, PAYLOADS);
    expect(good).toBeGreaterThan(PAYLOADS);
    expect(bad).toBeGreaterThan(PAYLOADS);
    if (PAYLOADS > 2) process.stderr.write(`${dialect}: ${good} calls compile, ${bad} do not\n`);
  }
  expect(compileFolder(folder)).toBe("");
});
