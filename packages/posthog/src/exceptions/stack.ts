import { type Frame, type InAppRules, isInApp } from "./frame.js";

const UNKNOWN_FUNCTION = "?";
const MAX_FRAMES = 50;
const MAX_LINES = 1_000;
const MAX_LINE_LENGTH = 1_024;
/** Maximum number of functions in a detected recursion. */
const MAX_CYCLE_LENGTH = 10;
/** Matches `at async Type.method (file:line:column)`. All parts but one are optional. */
const FRAME = /at (?:async (?!\((?!.*\)\s+\()))?(?:(.+?)\s+\()?(?:(.+):(\d+):(\d+)?|([^)]+))\)?/;
const WEBPACK_ERROR = /\(error: (.*)\)/;

/**
 * Parses a stack in V8's format. The outermost frame comes first, and repeated rounds of a recursion are collapsed into
 * one.
 *
 * @param skip - number of leading lines that are not frames.
 * @throws URIError if a file name is not properly encoded.
 */
export function parseStack(stack: string, skip: number, rules: InAppRules): Frame[] {
  const frames: Frame[] = [];
  for (const line of stack.split("\n").slice(skip, skip + MAX_LINES)) {
    if (line.length > MAX_LINE_LENGTH) continue;
    const cleaned = line.replace(WEBPACK_ERROR, "$1");
    if (/\S*Error: /.test(cleaned)) continue;
    const frame = parseLine(cleaned, rules);
    if (frame === null) continue;
    frames.push(frame);
    collapseRound(frames);
    if (frames.length >= MAX_FRAMES) break;
  }
  const [innermost] = frames;
  return frames
    .reverse()
    .map((it) => ({ ...it, filename: it.filename || innermost?.filename || undefined }));
}

function parseLine(line: string, rules: InAppRules): Frame | null {
  const match = FRAME.exec(line);
  if (match === null) return null;
  const [, called, path, lineno, colno, place] = match;
  const isNative = place === "native";
  const name = functionName(called);
  let filename = path?.startsWith("file://") ? path.slice("file://".length) : path;
  if (filename !== undefined && /\/[A-Z]:/.test(filename)) filename = filename.slice(1);
  if (!filename && place !== undefined && !isNative) filename = place;
  if (/^Promise\.(?:all|any)$/.test(name) && /^index \d+$/.test(filename ?? "")) {
    filename = "node:internal/promise";
  }
  return {
    filename: filename ? decodeURI(filename) : undefined,
    module: undefined,
    function: name,
    lineno: numberIn(lineno),
    colno: numberIn(colno),
    in_app: isInApp(filename ?? "", isNative, rules),
    platform: "node:javascript",
  };
}

/** Shortens `Object.Module.f` to `Module.f`, and `Type.<anonymous>` to `Type.?`. */
function functionName(called: string | undefined): string {
  if (called === undefined) return UNKNOWN_FUNCTION;
  let dot = called.lastIndexOf(".");
  if (called[dot - 1] === ".") dot -= 1;
  if (dot <= 0) return called;
  const type = called.slice(0, dot);
  const method = called.slice(dot + 1);
  const module = type.indexOf(".Module");
  const owner = module > 0 ? type.slice(0, module) : type;
  if (method === "<anonymous>") return `${owner}.${UNKNOWN_FUNCTION}`;
  return module > 0 ? called.slice(module + 1) : called;
}

function numberIn(digits: string | undefined): number | undefined {
  return Number(digits) || undefined;
}

/** Drops the last frames if they repeat the previous ones. */
function collapseRound(frames: Frame[]): void {
  for (let length = 1; length <= MAX_CYCLE_LENGTH && 2 * length <= frames.length; length++) {
    const start = frames.length - 2 * length;
    let isRound = true;
    for (let i = start; i < start + length && isRound; i++) {
      isRound = isSame(frames[i] as Frame, frames[i + length] as Frame); // both indices are below frames.length
    }
    if (isRound) {
      frames.splice(start, length);
      return;
    }
  }
}

function isSame(a: Frame, b: Frame): boolean {
  return (
    a.filename === b.filename &&
    a.function === b.function &&
    a.lineno === b.lineno &&
    a.colno === b.colno
  );
}
