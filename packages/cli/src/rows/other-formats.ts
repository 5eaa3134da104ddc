/** A format that is recognised, and not read. */
interface OtherFormat {
  readonly name: string;
  isIn(start: Buffer): boolean;
  /** A command that writes NDJSON or CSV to stdout. */
  convert(path: string): string;
}

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const BRACKET = 0x5b;

const startsWith =
  (...bytes: readonly number[]) =>
  (start: Buffer): boolean =>
    bytes.every((byte, i) => start[i] === byte);
const magic = (text: string): ((start: Buffer) => boolean) =>
  startsWith(...Buffer.from(text, "latin1"));

const duckdb =
  (from: (path: string) => string, before = "") =>
  (path: string): string =>
    `duckdb -c ${inDoubleQuotes(`${before}copy (from ${from(sqlText(path))}) to '/dev/stdout' (format json)`)}`;

const FORMATS: readonly OtherFormat[] = [
  { name: "Parquet", isIn: magic("PAR1"), convert: duckdb((path) => path) },
  {
    name: "Avro",
    isIn: magic("Obj\u0001"),
    convert: duckdb((path) => `read_avro(${path})`, "install avro; load avro; "),
  },
  {
    name: "ORC",
    isIn: magic("ORC"),
    convert: (path) =>
      `python3 -c ${inDoubleQuotes("import sys, pyarrow.orc as orc, pyarrow.csv as csv; csv.write_csv(orc.read_table(sys.argv[1]), sys.stdout.buffer)")} ${shellText(path)}`,
  },
  {
    name: "compressed by zstd",
    isIn: startsWith(0x28, 0xb5, 0x2f, 0xfd),
    convert: (path) => `zstd -dc ${shellText(path)}`,
  },
  {
    name: "a zip",
    isIn: magic("PK\u0003\u0004"),
    convert: (path) => `unzip -p ${shellText(path)}`,
  },
  {
    name: "UTF-16, as Excel writes it",
    isIn: (start) => startsWith(0xff, 0xfe)(start) || startsWith(0xfe, 0xff)(start),
    convert: (path) => `iconv -f utf-16 -t utf-8 ${shellText(path)}`,
  },
  {
    name: "a JSON array",
    isIn: (start) => start.find((byte) => byte > 0x20 && byte < 0x80) === BRACKET,
    convert: (path) => `jq -c '.[]' ${shellText(path)}`,
  },
  {
    name: "text whose lines end by a carriage return alone",
    isIn: (start) => start.includes(RETURN) && !start.includes(LINE_FEED),
    convert: (path) => `tr '\\r' '\\n' < ${shellText(path)}`,
  },
];

/** First bytes by which formats are recognised. */
export const HEAD_BYTES = 65_536;

/**
 * Says of the beginning of a file that is neither NDJSON nor CSV what it is, and what reads it; `null` if it may be one of them.
 *
 * @param start - unpacked.
 * @param path - `null`: stdin.
 * @param command - the name of the command that the rows are for.
 */
export function otherFormat(
  start: Buffer,
  path: string | null,
  isGzip: boolean,
  command: string,
): string | null {
  const format = FORMATS.find(({ isIn }) => isIn(start));
  if (format === undefined) return null;
  if (isGzip) return `it is ${format.name} within gzip: unpack it by gunzip first`;
  return `it is ${format.name}; ${format.convert(path ?? "FILE")} | sortition ${command} - …`;
}

/** A word of a shell. */
function shellText(text: string): string {
  return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function inDoubleQuotes(text: string): string {
  return `"${text.replace(/[$`"\\]/g, "\\$&")}"`;
}

function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
