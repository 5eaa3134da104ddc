import { sha256 } from "@sortition/core/internal";
import type { ReducedPayload } from "./payload/reduction.js";
import { literal } from "./text.js";

/** What the statements of all warehouses are made of. */
export interface FunctionSource {
  /** The script with the engine. */
  readonly library: string;
  /** The configuration, as a literal of JavaScript. */
  readonly configuration: string;
  /** The global that keeps the engine. */
  readonly global: string;
  /** Lines about the function, without payload text that is not escaped. */
  readonly about: readonly string[];
}

/** A file to write. */
export interface FunctionFile {
  readonly name: string;
  readonly text: string;
}

/** What lines about a function say. */
export interface FunctionFacts {
  readonly dialect: string;
  readonly version: string;
  /** Of the whole configuration. */
  readonly revision: string;
  /** When it is written, epoch ms. */
  readonly nowMs: number;
}

/** Warehouses limit statements, and a configuration may have thousands of flags. */
const MAX_NAMES_LENGTH = 4_000;

export function functionSource(
  library: string,
  { flags, parts }: ReducedPayload,
  { dialect, nowMs, revision, version }: FunctionFacts,
): FunctionSource {
  const configuration = literal(JSON.stringify(parts));
  // Functions of other flags or another release may be in the same realm.
  const hash = sha256(Buffer.from(library + configuration));
  return {
    library: library.trim(),
    configuration,
    global: `sortition_${revision}_${Buffer.from(hash).toString("hex").slice(0, 16)}`,
    about: [
      `sortition ${version}, dialect ${dialect}, revision ${revision}, written ${new Date(nowMs).toISOString()}`,
      `flags: ${namesOf([...flags.keys()])}`,
    ],
  };
}

function namesOf(flags: readonly string[]): string {
  let text = "";
  for (const [i, flag] of flags.entries()) {
    const next = `${i === 0 ? "" : ", "}${literal(flag)}`;
    if (text.length + next.length > MAX_NAMES_LENGTH) return `${text} and ${flags.length - i} more`;
    text += next;
  }
  return text;
}
