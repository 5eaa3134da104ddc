import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { partsOf } from "../../src/request-recorder/describe.js";

describe("a file of recorded situations", () => {
  const folder = mkdtempSync(join(tmpdir(), "sortition-recordings-"));
  const file = join(folder, "recorded.txt");

  afterAll(() => rmSync(folder, { recursive: true }));

  it("explains how to create it if it does not exist", () => {
    expect(() => partsOf(file)).toThrow(/recorded\.txt: .*UPDATE_RECORDINGS=1 creates it/);
  });

  it("has a section for each heading", () => {
    writeFileSync(file, "# one\n+0 a\n\n# two\n+1 b\n");
    expect([...partsOf(file)]).toEqual([
      ["one", "+0 a\n"],
      ["two", "+1 b\n"],
    ]);
  });
});
