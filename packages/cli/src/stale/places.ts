import { madeOnce } from "../made-once.js";
import { isUnquoted } from "./file-kinds.js";
import { namesOf } from "./key-names.js";
import { type KeyPattern, keyPattern } from "./key-patterns.js";

/** A place in the code that names a flag. */
export interface Place {
  readonly file: string;
  /** Line number, from 1. */
  readonly line: number;
}

const MAX_KEY_LENGTH = 400;
const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/gu;
/** A string without quotes, such as a value in YAML. */
const BARE = /[\p{L}\p{N}_][\p{L}\p{N}_.-]*/gu;
/** An absolute URL, the path after `/flags`, or a query. */
const URL_PART = /(?:\b[a-z][a-z\d+.-]*:\/\/|\/flags\/|\?)[^\s"'`<>]+/gi;
const QUOTES: ReadonlySet<string> = new Set(['"', "'", "`"]);

/** Finds flag keys in source code. */
export class PlaceFinder {
  readonly #keys: ReadonlySet<string>;
  /** Keys by the names that generators create from them. */
  readonly #keysByName = new Map<string, readonly string[]>();
  readonly #places = new Map<string, Place[]>();

  constructor(keys: Iterable<string>) {
    this.#keys = new Set(keys);
    for (const key of this.#keys) {
      for (const name of namesOf(key)) {
        this.#keysByName.set(name, [...(this.#keysByName.get(name) ?? []), key]);
      }
    }
  }

  search(file: string, text: string): void {
    const isBare = isUnquoted(file);
    let line = 0;
    for (const content of text.split("\n")) {
      line += 1;
      for (const key of this.#keysIn(content, isBare)) {
        madeOnce(this.#places, key, (): Place[] => []).push({ file, line });
      }
    }
  }

  /** The places of a key, in the order of the search. */
  placesOf(key: string): readonly Place[] {
    return this.#places.get(key) ?? [];
  }

  #keysIn(line: string, isBare: boolean): ReadonlySet<string> {
    const found = new Set<string>();
    const add = (text: string): void => {
      if (this.#keys.has(text)) found.add(text);
    };
    // Any quote may start a string, so an apostrophe in a comment does not hide the strings after it.
    for (let at = 0; at < line.length; at++) {
      const quote = line.charAt(at);
      if (!QUOTES.has(quote)) continue;
      const quoted = quotedAt(line, at, quote);
      if (quoted === null) continue;
      add(quoted.text);
      const isContinued = /^\s*\+/.test(line.slice(quoted.end + 1, quoted.end + 10));
      const pattern = keyPattern(quoted.text, isContinued);
      if (pattern !== null) this.#addMatches(pattern, found);
    }
    for (const [word] of line.matchAll(WORD)) {
      for (const key of this.#keysByName.get(word) ?? []) found.add(key);
    }
    if (isBare) for (const [word] of line.matchAll(BARE)) add(word);
    for (const [url] of line.matchAll(URL_PART)) for (const part of partsOf(url)) add(part);
    return found;
  }

  #addMatches(pattern: KeyPattern, found: Set<string>): void {
    for (const key of this.#keys) if (pattern.matches(key)) found.add(key);
  }
}

/** Returns the segments and query values of a URL. */
function partsOf(url: string): readonly string[] {
  return url.split(/[/?&=#,;)]+/).map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
}

/** Returns the string that starts with the quote at an index; `null` if it is unterminated or too long. */
function quotedAt(
  line: string,
  start: number,
  quote: string,
): { readonly text: string; readonly end: number } | null {
  let end = line.indexOf(quote, start + 1);
  while (end !== -1 && isEscaped(line, end)) end = line.indexOf(quote, end + 1);
  if (end === -1 || end - start > MAX_KEY_LENGTH) return null;
  return { text: unescaped(line.slice(start + 1, end)), end };
}

function unescaped(text: string): string {
  if (!text.includes("\\")) return text;
  try {
    const inner = text
      .replaceAll("\\'", "'")
      .replaceAll("\\`", "`")
      .replace(/(?<!\\)"/g, '\\"');
    return JSON.parse(`"${inner}"`);
  } catch {
    return text; // has escapes that JSON does not know
  }
}

function isEscaped(line: string, at: number): boolean {
  let slashes = 0;
  while (line.charAt(at - 1 - slashes) === "\\") slashes += 1;
  return slashes % 2 === 1;
}
