import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { partsOf } from "../../src/request-recorder/describe.js";

describe("a file of recorded situations", () => {
  const folder = mkdtempSync(join(tmpdir(), "sortition-recordings-"));
  const file = join(folder, "recorded.txt");

  afterAll(() => rmSync(folder, { recursive: true }));

  it("says how it is written while it is not there", () => {
    expect(() => partsOf(file)).toThrow(/recorded\.txt: .*UPDATE_RECORDINGS=1 writes it/);
  });

  it("has a part for each heading", () => {
    writeFileSync(file, "# one\n+0 a\n\n# two\n+1 b\n");
    expect([...partsOf(file)]).toEqual([
      ["one", "+0 a\n"],
      ["two", "+1 b\n"],
    ]);
  });
});
