import type { Reply } from "@sortition/test-kit";
import { flagsBody } from "./flags.js";

/** An answer with flags that all say `value`. */
export function flagsAnswer(value: string, etag: string | null = null): Reply {
  return { kind: "answer", body: flagsBody(value), headers: etag === null ? {} : { etag } };
}

/** An answer with a status and nothing else. */
export function status(code: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return { kind: "answer", status: code, headers };
}
