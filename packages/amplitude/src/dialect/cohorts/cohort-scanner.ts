import { DecodeError, parseJson, type Steps } from "@sortition/core/dialect";

/** Receives the ids of a cohort. */
export interface MemberSink {
  /** Removes all ids, because others will replace them. */
  clear(): void;
  /** Whether {@link add} may be called without {@link grow}. */
  isRoomy(): boolean;
  grow(): Steps<void>;
  /** Adds an id without escapes, given the offsets of its first byte and of its closing quote. */
  add(start: number, end: number): void;
  /** All other ids: those with escapes, and values that are not strings. No id equals a nested value. */
  readonly others: Set<unknown>;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** What follows a value. */
const ENDS = [COMMA, CLOSE_LIST, CLOSE_OBJECT];
/** Approximate number of bytes to read in one step. */
const STEP_BYTES = 8_192;
/** Maximum size of a parsed value other than an id. */
const MAX_VALUE_BYTES = 65_536;

/**
 * Reads the body of a cohort without parsing its members.
 *
 * @returns the member `groupType`, or `undefined` if there is none.
 * @throws DecodeError if it is not a JSON object with a list `memberIds`.
 */
export function* readMembers(bytes: Uint8Array, path: string, sink: MemberSink): Steps<unknown> {
  const scanner = new Scanner(bytes, path);
  let groupType: unknown;
  let hasMembers = false;
  scanner.expect(OPEN_OBJECT, "an object");
  if (!scanner.takes(CLOSE_OBJECT)) {
    do {
      const name = scanner.string();
      scanner.expect(COLON, "a colon");
      if (name === "memberIds") {
        // As in JSON.parse, the last member with the same name is used.
        if (hasMembers) sink.clear();
        yield* scanner.members(sink);
        hasMembers = true;
      } else {
        const value = yield* scanner.value();
        if (name === "groupType") groupType = value;
      }
    } while (scanner.takes(COMMA));
    scanner.expect(CLOSE_OBJECT, "the end of the object");
  }
  scanner.expectEnd();
  if (!hasMembers) throw new DecodeError(`${path}.memberIds`, "expected an array");
  return groupType;
}

class Scanner {
  #at: number;
  readonly #bytes: Uint8Array;
  readonly #path: string;

  constructor(bytes: Uint8Array, path: string) {
    this.#bytes = bytes;
    this.#path = path;
    // Skips a byte order mark, as the parser does.
    this.#at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  }

  expect(byte: number, expected: string): void {
    if (!this.takes(byte)) throw this.#fault(expected);
  }

  /** Skips a byte if it is the next one after white space. */
  takes(byte: number): boolean {
    this.#skipSpace();
    if (this.#bytes[this.#at] !== byte) return false;
    this.#at += 1;
    return true;
  }

  expectEnd(): void {
    this.#skipSpace();
    if (this.#at < this.#bytes.length) throw this.#fault("the end");
  }

  string(): string {
    this.#skipSpace();
    const start = this.#at;
    this.expect(QUOTE, "a string");
    this.#skipString();
    return parseJson(this.#bytes.subarray(start, this.#at), this.#path) as string; // a string, because of its quotes
  }

  /** Reads any value. Returns `undefined` for a large one, without validating it further. */
  *value(): Steps<unknown> {
    this.#skipSpace();
    const start = this.#at;
    let depth = 0;
    let stepEnd = start + STEP_BYTES;
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw this.#fault("a value");
      if (depth === 0 && this.#at > start && ENDS.includes(byte)) break;
      this.#at += 1;
      if (byte === QUOTE) this.#skipString();
      else if (byte === OPEN_LIST || byte === OPEN_OBJECT) depth += 1;
      else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth -= 1;
      if (depth < 0) throw this.#fault("a value");
      if (this.#at < stepEnd) continue;
      yield;
      stepEnd = this.#at + STEP_BYTES;
    }
    if (this.#at - start > MAX_VALUE_BYTES) return undefined;
    return parseJson(this.#bytes.subarray(start, this.#at), this.#path);
  }

  *members(sink: MemberSink): Steps<void> {
    this.expect(OPEN_LIST, "an array");
    if (this.takes(CLOSE_LIST)) return;
    let stepEnd = this.#at + STEP_BYTES;
    do {
      if (!sink.isRoomy()) yield* sink.grow();
      if (this.takes(QUOTE)) this.#member(sink);
      else sink.others.add(yield* this.value());
      if (this.#at < stepEnd) continue;
      yield;
      stepEnd = this.#at + STEP_BYTES;
    } while (this.takes(COMMA));
    this.expect(CLOSE_LIST, "a comma or the end of the array");
  }

  /** Reads an id whose opening quote was read. */
  #member(sink: MemberSink): void {
    const bytes = this.#bytes;
    const start = this.#at;
    for (let at = start; at < bytes.length; at++) {
      const byte = bytes[at] as number; // at < length
      if (byte === QUOTE) {
        this.#at = at + 1;
        sink.add(start, at);
        return;
      }
      if (byte === BACKSLASH) {
        this.#at = at;
        this.#skipString();
        sink.others.add(parseJson(bytes.subarray(start - 1, this.#at), this.#path));
        return;
      }
      if (byte < 0x20) break;
    }
    throw this.#fault("a string");
  }

  /** Skips to the byte after the closing quote of a string. */
  #skipString(): void {
    for (;;) {
      const byte = this.#bytes[this.#at++];
      if (byte === QUOTE) return;
      if (byte === BACKSLASH) this.#at += 1;
      else if (byte === undefined) throw this.#fault("the end of a string");
    }
  }

  #skipSpace(): void {
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.#at += 1;
    }
  }

  #fault(expected: string): DecodeError {
    return new DecodeError(this.#path, `not JSON: expected ${expected} at byte ${this.#at}`);
  }
}
