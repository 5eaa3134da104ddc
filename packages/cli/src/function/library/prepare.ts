import { type Dialect, isJsonObject, type Payload } from "@sortition/core/dialect";
import { type RowDialect, type RowEngine, rowEngine } from "./engine.js";

/** Returns a function that compiles a configuration from the JSON of its parts. */
export function preparing(dialect: Dialect, rows: RowDialect): (parts: string) => RowEngine {
  return (text) => {
    const parts: unknown = JSON.parse(text);
    const payloads = Object.entries(isJsonObject(parts) ? parts : {}).map(payloadOf);
    return rowEngine(dialect.compile({ payloads, prepared: null, former: null }), rows);
  };
}

function payloadOf([part, content]: readonly [string, unknown]): Payload {
  // There is no `TextEncoder`. Characters outside ASCII are escaped, so that each character is one byte.
  const text = JSON.stringify(content).replace(/[^\0-\x7f]/g, escaped);
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  return { part, bytes, etag: null, fetchedAtMs: 0, from: "static" };
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
