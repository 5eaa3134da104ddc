import { describe, expect, it } from "vitest";
import { describeFault, findJsonFault, positionOf } from "./json-fault.js";

const SEEDS: readonly string[] = [
  '{"a":[1,-2.5e+3,true,false,null,"x\\n\\u00e9",{}],"b":{"c":[]}} ',
  '[[],[{"":0}],"\\\\\\"/"]',
  '\t"text"\r\n',
  "-0.1E-2",
];
/** Replacements that make some payloads invalid and leave others valid. */
const DAMAGE: readonly string[] = ["", ",", "]", "}", '"', "\\", "0", ".", "e", "\n", "x", "😀"];

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("findJsonFault", () => {
  it.each([
    { text: "", at: 0, says: "expected a value, got the end of the text" },
    { text: "{,}", at: 1, says: 'expected a name or }, got ","' },
    { text: "{ // a", at: 2, says: 'expected a name or }, got "//": JSON has no comments' },
    { text: "1 /* a */", at: 2, says: 'expected the end, got "/*": JSON has no comments' },
    { text: "[/a/]", at: 1, says: 'expected a value or ], got "/"' },
    {
      text: '{"a":1,}',
      at: 7,
      says: 'expected a name in quotes, got "}": remove the comma before it',
    },
    { text: '{"a" 1}', at: 5, says: 'expected :, got "1"' },
    { text: "[1,]", at: 3, says: 'expected another value, got "]": remove the comma before it' },
    { text: '{"a":]}', at: 5, says: 'expected a value, got "]"' },
    { text: "[1 2]", at: 3, says: 'expected , or ], got "2"' },
    { text: "[", at: 1, says: "expected a value or ], got the end of the text" },
    { text: "{} x", at: 3, says: 'expected the end, got "x"' },
    { text: "01", at: 1, says: 'expected the end, got "1"' },
    { text: '"a', at: 2, says: 'expected a closing ", got the end of the text' },
    { text: '"\t"', at: 1, says: 'expected an escaped control character, got "\\t"' },
    { text: '"\\x"', at: 1, says: 'expected an escape sequence, got "\\\\"' },
    { text: "\ufeff{}", at: 0, says: 'expected a value, got "\ufeff"' },
    { text: "[nul]", at: 1, says: 'expected a value or ], got "n"' },
    { text: "😀", at: 0, says: 'expected a value, got "😀"' },
  ])("finds the fault of $text at $at", ({ text, at, says }) => {
    const fault = findJsonFault(text);
    expect(fault?.offset).toBe(at);
    expect(fault && describeFault(fault, "text")).toBe(says);
  });

  it("finds a fault if and only if JSON.parse throws", () => {
    for (const seed of SEEDS) {
      for (let at = 0; at <= seed.length; at += 1) {
        for (const damage of DAMAGE) {
          for (const text of [
            seed.slice(0, at) + damage,
            seed.slice(0, at) + damage + seed.slice(at),
            seed.slice(0, at) + damage + seed.slice(at + 1),
          ]) {
            expect([text, findJsonFault(text) === null]).toEqual([text, isJson(text)]);
          }
        }
      }
    }
  });

  it("does not overflow the stack", () => {
    expect(findJsonFault("[".repeat(1_000_000))?.offset).toBe(1_000_000);
  });
});

describe("positionOf", () => {
  it.each([
    { text: "abc", offset: 0, line: 1, column: 1 },
    { text: "abc", offset: 3, line: 1, column: 4 },
    { text: "a\nb", offset: 2, line: 2, column: 1 },
    { text: "a\r\nb", offset: 3, line: 2, column: 1 },
    { text: "a\rb", offset: 2, line: 2, column: 1 },
    { text: "a\n\nbc", offset: 4, line: 3, column: 2 },
  ])("is line $line, column $column for $offset in $text", ({ text, offset, ...place }) => {
    expect(positionOf(text, offset)).toEqual(place);
  });
});
