import { dirname, extname, join } from "node:path";
import { utf16Problem } from "@sortition/core/internal";
import { shellWord } from "../text/shell-word.js";

/** A format that is recognised but not supported. */
export interface OtherFormat {
  readonly name: string;
  /** Whether no line of text can start with the same bytes. */
  readonly isBinary: boolean;
  isIn(start: Buffer): boolean;
  /** Returns a command that writes NDJSON or CSV to stdout. `null`: the content has no rows. */
  convert: ((paths: readonly string[]) => string) | null;
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
  (from: (paths: readonly string[]) => string, before = "") =>
  (paths: readonly string[]): string =>
    `duckdb -c ${inDoubleQuotes(`${before}copy (from ${from(paths)}) to '/dev/stdout' (format json)`)}`;

/** Builds a shell command for one file, or a loop for several files. */
const forEachFile =
  (command: (word: string) => string) =>
  (paths: readonly string[]): string =>
    paths.length === 1
      ? command(shellWords(paths))
      : `for f in ${shellWords(paths)}; do ${command('"$f"')}; done`;

const ORC =
  "import sys, pyarrow.orc as orc, pyarrow.csv as csv; [csv.write_csv(orc.read_table(path), sys.stdout.buffer) for path in sys.argv[1:]]";

/** Members of a vendor's payload whose first member is an object, after other members without nested ones. */
const CONFIGURATION =
  /^\s*\{(?:[^{}[\]]|\{[^{}[\]]*\})*"(?:flags|features|feature_gates|dynamic_configs)"\s*:\s*(?:\{\s*"[^"]*"\s*:\s*|\[\s*)\{/;

/** Whether a file begins like a configuration and has no further rows. */
function isConfiguration(start: Buffer): boolean {
  const text = start.toString("utf8");
  return CONFIGURATION.test(text) && !/\n\{/.test(text);
}

const FORMATS: readonly OtherFormat[] = [
  {
    name: "Parquet",
    isBinary: true,
    isIn: magic("PAR1"),
    convert: duckdb((paths) => {
      return paths.length === 1 ? sqlFiles(paths) : `read_parquet(${sqlFiles(paths)})`;
    }),
  },
  {
    name: "Avro",
    isBinary: true,
    isIn: magic("Obj\u0001"),
    convert: duckdb((paths) => `read_avro(${sqlFiles(paths)})`, "install avro; load avro; "),
  },
  {
    name: "ORC",
    isBinary: true,
    isIn: magic("ORC"),
    convert: (paths) => `python3 -c ${inDoubleQuotes(ORC)} ${shellWords(paths)}`,
  },
  {
    name: "compressed with zstd",
    isBinary: true,
    isIn: startsWith(0x28, 0xb5, 0x2f, 0xfd),
    convert: (paths) => `zstd -dc ${shellWords(paths)}`,
  },
  {
    name: "an Excel workbook (xlsx)",
    isBinary: true,
    isIn: (start) =>
      magic("PK\u0003\u0004")(start) && /\bxl\/|\[Content_Types\]/.test(start.toString("latin1")),
    convert: duckdb(
      (paths) =>
        paths.map((path) => `read_xlsx(${sqlText(path)})`).join(" union all by name from "),
      "install excel; load excel; ",
    ),
  },
  {
    name: "a zip archive",
    isBinary: true,
    isIn: magic("PK\u0003\u0004"),
    convert: forEachFile((file) => `unzip -p ${file}`),
  },
  {
    name: "UTF-16 text, as written by Excel",
    isBinary: true,
    isIn: (start) => utf16Problem(start) !== null,
    convert: forEachFile((file) => `iconv -f utf-16 -t utf-8 ${file}`),
  },
  {
    name: "a JSON array",
    isBinary: false,
    isIn: (start) => start.find((byte) => byte > 0x20 && byte < 0x80) === BRACKET,
    convert: (paths) => `jq -c '.[]' ${shellWords(paths)}`,
  },
  { name: "a configuration", isBinary: false, isIn: isConfiguration, convert: null },
  {
    name: "JSON over several lines",
    isBinary: false,
    isIn: (start) => /^\s*\{[ \t]*\r?\n/.test(start.toString("latin1")),
    convert: (paths) => `jq -c . ${shellWords(paths)}`,
  },
  {
    name: 'text separated by "|"',
    isBinary: false,
    // The first line has no other separator, and is no JSON.
    isIn: (start) => /^[^{[,;\t\n|]+\|[^,;\t\n]*\n/.test(start.toString("latin1")),
    convert: duckdb((paths) => `read_csv(${sqlFiles(paths)}, delim = '|', all_varchar = true)`),
  },
  {
    name: "text whose lines end with only a carriage return",
    isBinary: false,
    isIn: (start) => start.includes(RETURN) && !start.includes(LINE_FEED),
    convert: forEachFile((file) => `tr '\\r' '\\n' < ${file}`),
  },
];

/** Number of bytes that are read to recognise formats. */
export const HEAD_BYTES = 65_536;

/** Detects a format other than NDJSON and CSV from the beginning of a file; `null` if it may be one of these two. */
export function otherFormat(start: Buffer): OtherFormat | null {
  return FORMATS.find(({ isIn }) => isIn(start)) ?? null;
}

/**
 * Describes the format of an input, and suggests a command that converts it.
 *
 * @param paths - the files; empty for stdin.
 * @param command - what follows `sortition` to read the rows from stdin.
 */
export function otherFormatProblem(
  { convert, name }: OtherFormat,
  paths: readonly string[],
  isGzip: boolean,
  command: string,
): string {
  if (convert === null) {
    const isOfSubjects = command.startsWith("diff");
    return isOfSubjects
      ? `the input is ${name}. Pass a file with a line for each subject, such as {"subjectKey":"user-1","subjectAttributes":{}}`
      : `the input is ${name}. Pass it as --config, and rows as the input`;
  }
  if (isGzip) return `the input is ${name} within gzip. Decompress it with gunzip first`;
  return `the input is ${name}. Convert it: ${convert(paths.length === 0 ? ["FILE"] : paths)} | sortition ${command} …`;
}

/** Above this number, files are named by a pattern if they are in one folder. */
const MAX_LISTED = 4;

/**
 * Returns a pattern such as `folder/*.parquet` for many files of one folder; `null` if there are few or they are in
 * different folders.
 */
function patternOf(paths: readonly string[]): { folder: string; names: string } | null {
  const [first = ""] = paths;
  const [folder, extension] = [dirname(first), extname(first)];
  if (paths.length <= MAX_LISTED || paths.some((path) => dirname(path) !== folder)) return null;
  return { folder, names: paths.every((path) => path.endsWith(extension)) ? `*${extension}` : "*" };
}

/** Quotes paths as words of a shell command. */
function shellWords(paths: readonly string[]): string {
  const pattern = patternOf(paths);
  if (pattern !== null) return `${shellWord(pattern.folder)}/${pattern.names}`;
  return paths.map(shellWord).join(" ");
}

function sqlFiles(paths: readonly string[]): string {
  const pattern = patternOf(paths);
  if (pattern !== null) return sqlText(join(pattern.folder, pattern.names));
  return paths.length === 1 ? paths.map(sqlText).join() : `[${paths.map(sqlText).join(", ")}]`;
}

function inDoubleQuotes(text: string): string {
  return `"${text.replace(/[$`"\\]/g, "\\$&")}"`;
}

function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
