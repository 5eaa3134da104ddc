import { describe, expect, it } from "vitest";
import { csvFormat, jsonFormat } from "./format.js";

const answer = { id: 1, value: 'a "b", c', variation: null, details: { flag: "f" } };
const failure = { id: 2, error: { code: "invalid_json", message: "no" } };
const thrown = { id: 3, throws: "TypeError", message: "no" };

describe("jsonFormat", () => {
  it.each([
    {
      fields: null,
      result: answer,
      line: JSON.stringify(answer),
      because: "all fields are requested",
    },
    {
      fields: ["value", "id"],
      result: answer,
      line: '{"value":"a \\"b\\", c","id":1}',
      because: "fields keep the requested order",
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
      because: "errors are always written",
    },
    {
      fields: ["id"],
      result: thrown,
      line: JSON.stringify(thrown),
      because: "thrown errors are always written",
    },
  ])("writes $line, because $because", ({ fields, line, result }) => {
    expect(jsonFormat(fields).head).toBeNull();
    expect(jsonFormat(fields).line(result)).toBe(line);
  });
});

describe("csvFormat", () => {
  const format = csvFormat(["id", "value", "details"]);

  it.each([
    { result: answer, line: '1,"a ""b"", c","{""flag"":""f""}",', because: "quotes are doubled" },
    { result: { id: "x", value: null }, line: "x,,,", because: "null is an empty cell" },
    { result: { id: true, value: "" }, line: "true,,,", because: "booleans are written as JSON" },
    {
      result: failure,
      line: '2,,,"{""code"":""invalid_json"",""message"":""no""}"',
      because: "errors have their own column",
    },
    { result: thrown, line: "3,,,no", because: "the error column also contains thrown errors" },
  ])("writes $line, because $because", ({ line, result }) => {
    expect(format.head).toBe("id,value,details,error");
    expect(format.line(result)).toBe(line);
  });
});

describe("ResultFormat.missing", () => {
  it.each([
    { because: "JSON", formatOf: jsonFormat },
    { because: "CSV", formatOf: csvFormat },
  ])("contains the fields that no result has had, in $because", ({ formatOf }) => {
    const format = formatOf(["id", "valu", "other", "details"]);
    format.line(answer);
    expect([...format.missing]).toEqual(["valu", "other"]);
    format.line({ id: 2, other: 1 });
    expect([...format.missing]).toEqual(["valu"]);
  });
});
