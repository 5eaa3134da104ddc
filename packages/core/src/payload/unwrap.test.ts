import { describe, expect, it } from "vitest";
import { bytesOf, textOf } from "../runtime/text.js";
import { unwrap } from "./unwrap.js";

const PATH = ["data", "attributes"];

function found(text: string): readonly unknown[] | null {
  const wrapped = unwrap(bytesOf(text), PATH, "flags");
  return wrapped && [textOf(wrapped.bytes), wrapped.envelope];
}

describe("unwrap", () => {
  it("finds the inner document and parses the rest", () => {
    const text =
      '\n{ "meta": [1], "data": {"type":"x", "attributes" : {"flags":{"a":{x}}} , "id":2} }';
    expect(found(text)).toEqual([
      '{"flags":{"a":{x}}}',
      { meta: [1], data: { type: "x", attributes: null, id: 2 } },
    ]);
  });

  it("uses the later of two members with the same name, like JSON.parse", () => {
    const text = '{"data":{"attributes":1},"data":{"attributes":2,"attributes":3}}';
    expect(found(text)?.[0]).toBe("3");
  });

  it.each([
    { text: '{"flags":{},"data":{"attributes":1}}', because: "it has flags of its own" },
    { text: '{"data":{}}', because: "the member is missing" },
    { text: '{"data":[1]}', because: "the member is not in an object" },
    { text: '{"data":{"attributes":{}}', because: "the payload is cut off" },
    { text: '{"data":{"attributes":{}}} x', because: "something follows the payload" },
    { text: "[]", because: "the payload is a list" },
    { text: "", because: "the payload is empty" },
  ])("finds nothing in $text, because $because", ({ text }) => {
    expect(found(text)).toBeNull();
  });
});
