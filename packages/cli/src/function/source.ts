import { sha256 } from "@sortition/core/internal";
import type { ReducedPayload } from "../dialects/reduction.js";
import { literal } from "./text.js";

/** What the SQL statements of all warehouses are built from. */
export interface FunctionSource {
  /** The script with the engine. */
  readonly library: string;
  /** The configuration, as a JavaScript literal. */
  readonly configuration: string;
  /** Name of the global variable that caches the engine between calls. */
  readonly global: string;
  /** Lines that describe the function. Text from the payload is escaped. */
  readonly about: readonly string[];
}

/** A file to write. */
export interface FunctionFile {
  readonly name: string;
  readonly text: string;
}

/** Facts for the lines that describe a function. */
export interface FunctionFacts {
  readonly dialect: string;
  readonly version: string;
  /** Revision of the whole configuration. */
  readonly revision: string;
  /** Time of writing, in epoch ms. */
  readonly nowMs: number;
}

/** Warehouses limit the size of statements, and a configuration may have thousands of flags. */
const MAX_NAMES_LENGTH = 4_000;

export function functionSource(
  library: string,
  { flags, parts }: ReducedPayload,
  { dialect, nowMs, revision, version }: FunctionFacts,
): FunctionSource {
  const configuration = literal(JSON.stringify(parts));
  // The name contains a hash, because functions with other flags or of another release may share the realm.
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
