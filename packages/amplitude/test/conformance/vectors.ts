import { readFileSync } from "node:fs";
import { join } from "node:path";
import { conformanceFolder } from "@sortition/test-kit";

/** The folder of the vendor's cases, or `null` if it is not on this machine. */
export const FOLDER: string | null = conformanceFolder("amplitude");

/** Reads one file of cases. */
export function readVectors<T>(name: string): T {
  if (FOLDER === null) throw new Error("there is no conformance data"); // tests that call this are skipped
  return JSON.parse(readFileSync(join(FOLDER, "amplitude", `${name}.json`), "utf8")) as T;
}
