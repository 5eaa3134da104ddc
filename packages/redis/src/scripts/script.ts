import { createHash } from "node:crypto";

/** A Lua script, and the hash by which Redis identifies it. */
export interface Script {
  readonly text: string;
  readonly sha1: string;
}

/** A key or argument of a script. */
export type ScriptValue = string | number | Uint8Array;

/**
 * Creates a script.
 *
 * @param texts - its parts in order: shared functions, then the script itself.
 */
export function createScript(...texts: readonly string[]): Script {
  const text = texts.join("\n");
  let sha1: string | null = null;
  return {
    text,
    // Lazy, so that importing this package computes nothing.
    get sha1() {
      sha1 ??= createHash("sha1").update(text).digest("hex");
      return sha1;
    },
  };
}
