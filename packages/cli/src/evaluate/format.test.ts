import { describe, expect, it } from "vitest";
import { csvFormat, jsonFormat } from "./format.js";

const answer = { id: 1, value: 'a "b", c', variation: null, details: { flag: "f" } };
const failure = { id: 2, error: { code: "invalid_json", message: "no" } };
const thrown = { id: 3, throws: "TypeError", message: "no" };

describe("results as JSON", () => {
  it.each([
    { fields: null, result: answer, line: JSON.stringify(answer), because: "all are wanted" },
    {
      fields: ["value", "id"],
      result: answer,
      line: '{"value":"a \\"b\\", c","id":1}',
      because: "the order is the caller's",
    },
    {
      fields: ["id", "none"],
      result: answer,
      line: '{"id":1}',
      because: "a result may lack a field",
    },
    {
      fields: ["value"],
      result: failure,
      line: '{"error":{"code":"invalid_json","message":"no"}}',
      because: "an error is always told",
    },
    {
      fields: ["id"],
      result: thrown,
      line: JSON.stringify(thrown),
      because: "what is thrown, too",
    },
  ])("are $line, because $because", ({ fields, line, result }) => {
    expect(jsonFormat(fields).head).toBeNull();
    expect(jsonFormat(fields).line(result)).toBe(line);
  });
});

describe("results as CSV", () => {
  const format = csvFormat(["id", "value", "details"]);

  it.each([
    { result: answer, line: '1,"a ""b"", c","{""flag"":""f""}",', because: "quotes are doubled" },
    { result: { id: "x", value: null }, line: "x,,,", because: "null is nothing" },
    { result: { id: true, value: "" }, line: "true,,,", because: "a boolean is JSON" },
    {
      result: failure,
      line: '2,,,"{""code"":""invalid_json"",""message"":""no""}"',
      because: "errors have a column",
    },
    { result: thrown, line: "3,,,no", because: "what is thrown is in it, too" },
  ])("are $line, because $because", ({ line, result }) => {
    expect(format.head).toBe("id,value,details,error");
    expect(format.line(result)).toBe(line);
  });
});

describe("fields that no result has", () => {
  it.each([
    { because: "JSON", formatOf: jsonFormat },
    { because: "CSV", formatOf: csvFormat },
  ])("are missing, of $because", ({ formatOf }) => {
    const format = formatOf(["id", "valu", "other", "details"]);
    format.line(answer);
    expect([...format.missing]).toEqual(["valu", "other"]);
    format.line({ id: 2, other: 1 });
    expect([...format.missing]).toEqual(["valu"]);
  });
});
