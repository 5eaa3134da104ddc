import fs, { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { makeFolder } from "./open-file.js";

const root = mkdtempSync(join(tmpdir(), "sortition-open-file-"));

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});

describe("makeFolder", () => {
  it("accepts a folder that another process creates at the same moment", () => {
    const folder = join(root, "logs", "exposures");
    const mkdir = fs.mkdirSync;
    vi.spyOn(fs, "mkdirSync").mockImplementation((path, options) => {
      // Simulates the other process, which creates the folder first.
      if (path === folder && existsSync(join(root, "logs"))) mkdir(path);
      return mkdir(path, options);
    });
    makeFolder(folder);
    expect(existsSync(folder)).toBe(true);
  });
});
