import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { missingFilesIn } from "../scripts/pack.mjs";

it("a tarball without a licence is reported", () => {
  const unpacked = mkdtempSync(join(tmpdir(), "sortition-packed-"));
  writeFileSync(join(unpacked, "README.md"), "");
  expect(missingFilesIn(unpacked)).toEqual(["LICENSE"]);
  writeFileSync(join(unpacked, "LICENSE"), "");
  expect(missingFilesIn(unpacked)).toEqual([]);
  rmSync(unpacked, { recursive: true });
});
