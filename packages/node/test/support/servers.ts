import type { Reply } from "@sortition/test-kit";
import { flagsBody } from "./flags.js";

/** A response with flags that all have the value `value`. */
export function flagsAnswer(value: string, etag: string | null = null): Reply {
  return { kind: "answer", body: flagsBody(value), headers: etag === null ? {} : { etag } };
}

/** A response with a status and no body. */
export function status(code: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return { kind: "answer", status: code, headers };
}
