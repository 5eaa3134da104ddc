/** The first place at which a string is not JSON. */
export interface JsonFault {
  /** Offset in UTF-16 code units. */
  readonly offset: number;
  readonly expected: string;
  /** The character at that place, or the start of a comment. `null`: the end of the string. */
  readonly found: string | null;
}

/** What is expected next. */
type Expectation =
  | "value"
  | "value or ]"
  | "another value"
  | "name"
  | "name or }"
  | "colon"
  | "comma";

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const WHITE_SPACE = /[ \t\n\r]*/y;
const FOUND = /^(?:\/[/*]|.)/su;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

/**
 * Finds the first place at which a string is not JSON, or returns `null`. `JSON.parse` does not suffice, because its
 * message differs between versions of Node and does not contain the place for short strings.
 */
export function findJsonFault(text: string): JsonFault | null {
  /** Closing brackets of the open arrays and objects. */
  const open: ("]" | "}")[] = [];
  let expectation: Expectation = "value";
  let at = 0;

  const fault = (expected: string, offset = at): JsonFault => {
    return { offset, expected, found: FOUND.exec(text.slice(offset, offset + 2))?.[0] ?? null };
  };

  for (;;) {
    at = skip(WHITE_SPACE, text, at);
    const char = text[at];
    switch (expectation) {
      case "value":
      case "value or ]":
      case "another value":
        if (char === "]" && expectation === "value or ]") {
          open.pop();
          at += 1;
          expectation = "comma";
        } else if (char === "{" || char === "[") {
          open.push(char === "{" ? "}" : "]");
          at += 1;
          expectation = char === "{" ? "name or }" : "value or ]";
        } else if (char === '"') {
          const end = endOfString(text, at);
          if (typeof end !== "number") return fault(end.expected, end.offset);
          at = end;
          expectation = "comma";
        } else {
          const end = Math.max(skip(NUMBER, text, at), skip(WORD, text, at));
          if (end === at) {
            return fault(expectation === "another value" ? expectation : `a ${expectation}`);
          }
          at = end;
          expectation = "comma";
        }
        break;
      case "name":
      case "name or }": {
        if (char === "}" && expectation === "name or }") {
          open.pop();
          at += 1;
          expectation = "comma";
          break;
        }
        if (char !== '"') return fault(expectation === "name" ? "a name in quotes" : "a name or }");
        const end = endOfString(text, at);
        if (typeof end !== "number") return fault(end.expected, end.offset);
        at = end;
        expectation = "colon";
        break;
      }
      case "colon":
        if (char !== ":") return fault(":");
        at += 1;
        expectation = "value";
        break;
      case "comma": {
        const close = open.at(-1);
        if (close === undefined) return char === undefined ? null : fault("the end");
        if (char === close) open.pop();
        else if (char === ",") expectation = close === "}" ? "name" : "another value";
        else return fault(`, or ${close}`);
        at += 1;
      }
    }
  }
}

/** Describes a fault, e.g. `expected a value, got "}"`. */
export function describeFault({ expected, found }: JsonFault, whole: string): string {
  const got = found === null ? `the end of the ${whole}` : JSON.stringify(found);
  const isComment = found === "//" || found === "/*";
  // Only a comma expects these.
  const isAfterComma = expected === "a name in quotes" || expected === "another value";
  const isTrailing = isAfterComma && (found === "}" || found === "]");
  const advice = isComment
    ? ": JSON has no comments"
    : isTrailing
      ? ": remove the comma before it"
      : "";
  return `expected ${expected}, got ${got}${advice}`;
}

/** Returns line and column of an offset, both starting at 1. */
export function positionOf(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (const { index, 0: end } of text.slice(0, offset).matchAll(/\r\n|\n|\r/g)) {
    line += 1;
    start = index + end.length;
  }
  return { line, column: offset - start + 1 };
}

/** Returns the end of a match at `at`, or `at` if there is none. */
function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function endOfString(text: string, start: number): number | { expected: string; offset: number } {
  let at = start + 1;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (Number.isNaN(code)) return { expected: 'a closing "', offset: at };
    if (code < 0x20) return { expected: "an escaped control character", offset: at };
    if (code !== 0x5c) {
      at += 1;
      continue;
    }
    const end = skip(ESCAPE, text, at);
    if (end === at) return { expected: "an escape sequence", offset: at };
    at = end;
  }
}
