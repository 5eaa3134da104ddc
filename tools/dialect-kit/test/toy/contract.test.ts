import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { describeDialect } from "../../src/dialect-contract/describe.js";
import { TOY_HARNESS } from "./harness.js";

describeDialect(TOY_HARNESS);

describe("the source of the toy", () => {
  it("has fewer than 300 lines", () => {
    const folder = fileURLToPath(new URL("../../src/toy-dialect/", import.meta.url));
    const texts = readdirSync(folder).map((file) => readFileSync(folder + file, "utf8"));
    expect(texts.join("").split("\n").length - 1).toBeLessThan(300);
  });
});
