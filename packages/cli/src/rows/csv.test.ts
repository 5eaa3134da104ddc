import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvFields } from "./csv-fields.js";
import { rowsOf as rowsOfRecords } from "./parse-row.js";
import { recordReaderFor } from "./record-reader.js";

function rowsOf(text: string, chunkBytes = 1_000): unknown[] {
  const bytes = Buffer.from(text);
  const reader = recordReaderFor(bytes, null);
  const rows = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const records = [...reader.push(bytes.subarray(at, at + chunkBytes))];
    rows.push(...rowsOfRecords({ file: null, format: reader.format, records }));
  }
  const last = [...reader.end()];
  return [...rows, ...rowsOfRecords({ file: null, format: reader.format, records: last })];
}

function row(line: number, fields: object): object {
  return { file: null, line, fields, problem: null };
}

describe("csvFields", () => {
  it.each([
    { record: "a,b", fields: ["a", "b"] },
    { record: "", fields: [""] },
    { record: ",", fields: ["", ""] },
    { record: '"a,b",c', fields: ["a,b", "c"] },
    { record: '"say ""hi""",""', fields: ['say "hi"', ""] },
    { record: '"two\r\nlines"', fields: ["two\r\nlines"] },
    { record: 'a"b', fields: null },
    { record: '"a"b', fields: null },
  ])("splits $record into $fields", ({ fields, record }) => {
    expect(csvFields(record, ",")).toEqual(fields);
  });
});

describe("rowsOf for CSV", () => {
  it("reads what was written, wherever the input is split", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", "é", "7") });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell)), fc.integer({ min: 1, max: 9 }), (cells, cut) => {
        const quoted = cells.map((pair) =>
          pair.map((it) => `"${it.replaceAll('"', '""')}"`).join(","),
        );
        const rows = rowsOf(["x,y", ...quoted].join("\r\n"), cut);
        expect(rows.map((it) => (it as { fields: object }).fields)).toEqual(
          cells.map(([x, y]) => ({ x: x === "" ? null : x, y: y === "" ? null : y })),
        );
      }),
    );
  });

  it("rejects only the record that has a misplaced quote", () => {
    for (const bad of ['b"c,1', '"b"c,1', 'b""c,1', 'b"",1"']) {
      const text = `\ufeff"x\ny",z\na,1\n${bad}\nc,"two\nlines"\n`;
      for (const cut of [1, 3, 1_000]) {
        expect(rowsOf(text, cut), `${bad} by ${cut}`).toMatchObject([
          { line: 3, fields: { "x\ny": "a", z: "1" } },
          { line: 4, problem: "misplaced quote" },
          { line: 5, fields: { "x\ny": "c", z: "two\nlines" } },
        ]);
      }
    }
  });

  it("parses objects in cells, and reads empty cells as null", () => {
    const text = '\ufeffkey,attributes\r\nu1,"{""plan"":""pro""}"\r\nu2,\r\n';
    expect(rowsOf(text)).toMatchObject([
      row(2, { key: "u1", attributes: { plan: "pro" } }),
      row(3, { key: "u2", attributes: null }),
    ]);
  });

  it("continues after a line that cannot be read", () => {
    const text = 'a,b\n1\nx"y,2\n3",4\n"x\ny",5\n6,7\n"open,8\n9,10\n';
    expect(rowsOf(text)).toMatchObject([
      { line: 2, file: null, fields: null, problem: "expected 2 fields, as in the header, got 1" },
      { line: 3, file: null, fields: null, problem: "misplaced quote" },
      { line: 4, file: null, fields: null, problem: "misplaced quote" },
      row(5, { a: "x\ny", b: "5" }),
      row(7, { a: "6", b: "7" }),
      { line: 8, file: null, fields: null, problem: "unclosed quote" },
      row(9, { a: "9", b: "10" }),
    ]);
  });
});
