import { seededRandom } from "@sortition/proof";
import { describe, expect, it } from "vitest";
import { NdjsonRecords } from "./ndjson-records.js";
import { rowsOf } from "./parse-row.js";
import type { RawRecord } from "./record.js";

/** Reads records from text that is pushed in chunks of this size. */
function recordsOf(text: string, pieceBytes: number, maxBytes?: number): RawRecord[] {
  const bytes = Buffer.from(text);
  const reader = new NdjsonRecords(maxBytes);
  const records: RawRecord[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    records.push(...reader.push(bytes.subarray(at, at + pieceBytes)));
  }
  return [...records, ...reader.end()];
}

describe("NdjsonRecords", () => {
  const text = '\ufeff{"a":1}\n\n{"ä":"ö"}\r\n \r\n{"a":\n[]\n{"a":2}';
  const rows = [
    { file: null, line: 1, fields: { a: 1 }, problem: null },
    { file: null, line: 3, fields: { ä: "ö" }, problem: null },
    { file: null, line: 5, fields: null, problem: expect.stringMatching("not JSON at column 6") },
    { file: null, line: 6, fields: null, problem: "expected a JSON object" },
    { file: null, line: 7, fields: { a: 2 }, problem: null },
  ];

  it("reads the same rows for all chunk sizes and line ends", () => {
    for (const whole of [text, `${text}\n`, `${text}\r\n`]) {
      for (let pieceBytes = 1; pieceBytes <= Buffer.byteLength(whole); pieceBytes++) {
        const records = recordsOf(whole, pieceBytes);
        expect(
          [...rowsOf({ file: null, format: { kind: "ndjson" }, records })],
          `by ${pieceBytes}`,
        ).toEqual(rows);
      }
    }
  });

  it("keeps the lines of a chunk in one record, and counts them", () => {
    const records = recordsOf('{"a":1}\n{"a":2}\n{"a":3}\n{"a":4}\n', 20);
    expect(records.map(({ line, rows: its }) => [line, its])).toEqual([
      [1, 2],
      [3, 1],
      [4, 1],
    ]);
  });

  it("reports a line that is too long, and continues", () => {
    const records = recordsOf(`{"a":1}\n{"a":"${"x".repeat(100)}"}\n{"a":3}\n`, 10, 20);
    expect([...rowsOf({ file: null, format: { kind: "ndjson" }, records })]).toMatchObject([
      { file: null, line: 1, fields: { a: 1 } },
      { line: 2, problem: "the line is too long" },
      { file: null, line: 3, fields: { a: 3 } },
    ]);
  });

  it("reads lines of any length next to lines that are not UTF-8", () => {
    const random = seededRandom(3);
    const lengths = Array.from({ length: 500 }, (_, i) =>
      i % 100 === 50 ? 40_000 : Math.floor(random() * 200),
    );
    const lines = lengths.map((length, i) =>
      i % 90 === 7 ? Buffer.from([0x7b, 0xff]) : Buffer.from(`{"é":"${"ö".repeat(length)}"}`),
    );
    const bytes = Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\r\n")])).subarray(
      0,
      -2,
    );
    const record = { line: 1, bytes, rows: lines.length, problem: null };
    expect([...rowsOf({ file: null, format: { kind: "ndjson" }, records: [record] })]).toEqual(
      lengths.map((length, i) =>
        i % 90 === 7
          ? { file: null, line: i + 1, fields: null, problem: "not UTF-8" }
          : { file: null, line: i + 1, fields: { é: "ö".repeat(length) }, problem: null },
      ),
    );
  });
});
