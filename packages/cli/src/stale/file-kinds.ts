/** Lock files, snapshots, bundles, source maps, and Markdown: their text does not use flags. */
const NO_CODE =
  /(?:^|[\\/.-])lock(?:b|\.[\w.]+)?$|(?:^|[\\/])(?:go\.sum|npm-shrinkwrap\.json)$|\.snap$|[\\/]__snapshots__[\\/]|\.min\.\w+$|\.map$|\.(?:md|mdx|markdown)$/i;
const SCRIPT = /\.[cm]?jsx?$|\.css$/i;
/** Average length of the lines of a minified bundle. */
const MINIFIED_LINE_LENGTH = 1_000;
/** Configuration and shell files, in which strings need no quotes. */
const UNQUOTED =
  /\.(?:ya?ml|toml|ini|properties|conf|cfg|sh|bash|zsh|fish)$|(?:^|[\\/])(?:\.env[\w.-]*|[\w.-]*\.env|Dockerfile[\w.-]*|Makefile|Procfile)$/i;

/** Whether a file is not handwritten code or configuration. */
export function isNoCode(path: string, text: string): boolean {
  if (NO_CODE.test(path)) return true;
  return SCRIPT.test(path) && text.length / text.split("\n").length > MINIFIED_LINE_LENGTH;
}

/** Whether strings in a file need no quotes. */
export function isUnquoted(path: string): boolean {
  return UNQUOTED.test(path);
}
