import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of a test's own. */
export interface Folder {
  /** Path of a file in it. */
  file(name: string): string;
  readonly path: string;
  [Symbol.dispose](): void;
}

/** Makes a folder, which is removed with all its content in the end. */
export function createFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), "sortition-"));
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
