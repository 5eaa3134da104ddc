import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temporary folder. */
export interface Folder {
  /** Returns the path of a file in the folder. */
  file(name: string): string;
  readonly path: string;
  [Symbol.dispose](): void;
}

/** Creates a folder that is removed with its content at the end of the test. */
export function createFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), "sortition-"));
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
