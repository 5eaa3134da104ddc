// Draws a terminal with the output of a command, as SVG.
import { stripVTControlCharacters as plain } from "node:util";

const CELL = { width: 8, height: 20 };
const PADDING = 12;
/** Longer lines are broken, because the picture is also read on phones. */
const COLUMNS = 61;
const BAR = 30;

/** Matches the escape sequence that begins a style. */
const STYLE = new RegExp(`${"\u001b"}\\[(\\d+)m`);

/** SVG attributes by the code of a terminal's style. */
const STYLES = {
  1: 'font-weight="700"',
  2: 'fill="#94a3b8"',
  31: 'fill="#f87171"',
  32: 'fill="#4ade80"',
  33: 'fill="#facc15"',
};

/**
 * Draws a window with a command and its output, which is dark on light and on dark pages.
 *
 * @param {string} label - describes the picture to readers who cannot see it.
 * @param {readonly string[]} command - lines of the command.
 * @param {string} output - output with escape sequences for colours.
 */
export function terminalPicture(label, command, output) {
  const prompt = command.map((line, i) => `\u001b[1m${i === 0 ? "$ " : "    "}${line}\u001b[22m`);
  const lines = [...prompt, ...output.trimEnd().split("\n").flatMap(broken)];
  const columns = Math.max(...lines.map((line) => plain(line).length));
  const width = columns * CELL.width + 2 * PADDING;
  const height = BAR + lines.length * CELL.height + PADDING;
  const dots = ["#f87171", "#facc15", "#4ade80"].map(
    (fill, i) => `<circle cx="${PADDING + 4 + i * 18}" cy="17" r="5" fill="${fill}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="terminal">`,
    `<title id="terminal">${escaped(label)}</title>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10" fill="#0f172a" stroke="#334155"/>`,
    ...dots,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" fill="#e2e8f0" style="white-space: pre">`,
    ...lines.map((line, row) => textOf(line, BAR + (row + 1) * CELL.height - 6)).filter(Boolean),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

/** Breaks a line into parts that fit. Assumes that no style is open at a break. */
function broken(line) {
  if (plain(line).length <= COLUMNS) return [line];
  const codes = line.length - plain(line).length;
  const end = line.lastIndexOf(" ", COLUMNS + codes);
  const indent = plain(line).search(/\S/) + 4;
  return [line.slice(0, end), ...broken(" ".repeat(indent) + line.slice(end + 1))];
}

/** Draws a line, with the same width in any font. */
function textOf(line, y) {
  const indent = plain(line).search(/\S/);
  if (indent === -1) return "";
  const length = (plain(line).trim().length * CELL.width).toFixed(0);
  const x = PADDING + indent * CELL.width;
  return `<text x="${x}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs">${spans(line)}</text>`;
}

/** Returns the parts of a line, each with its style. */
function spans(line) {
  let style = "";
  const parts = line.split(STYLE);
  return parts
    .map((part, i) => {
      if (i % 2 === 1) {
        style = STYLES[part] ?? "";
        return "";
      }
      const text = escaped(i === 0 || parts.slice(0, i).every(isBlank) ? part.trimStart() : part);
      return style === "" || text === "" ? text : `<tspan ${style}>${text}</tspan>`;
    })
    .join("");
}

/** Whether a part is blank text. Texts have even indices, and codes have odd ones. */
function isBlank(part, i) {
  return i % 2 === 1 || part.trim() === "";
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
