import { countText } from "../text/values.js";
import { escaped } from "./escaped.js";

export interface PageContent {
  readonly title: string;
  /** Sentences below the title. */
  readonly facts: readonly string[];
  /** Terms and descriptions: what the page is made from. */
  readonly about?: readonly (readonly [string, string])[];
  /** HTML. */
  readonly sections: readonly string[];
}

const STYLE = `
:root { color-scheme: light dark; --text: #1b1f24; --back: #fff; --quiet: #4a535e; --line: #d0d7de; --bad: #a40e26; --right: #1a7f37; --wrong: #cf222e; --other: #8c959f; --rest: #e7ebef }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --back: #0d1117; --quiet: #9da7b3; --line: #30363d; --bad: #ff7b72; --right: #3fb950; --wrong: #f85149; --other: #6e7681; --rest: #21262d } }
body { margin: 2rem auto; max-width: 64rem; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back) }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2rem; overflow-wrap: anywhere }
p { overflow-wrap: anywhere }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; color: var(--quiet) } dd { margin: 0; overflow-wrap: anywhere }
.table { overflow-x: auto }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 }
caption { text-align: left; color: var(--quiet); padding: .3rem 0 }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-top: 1px solid var(--line) }
th[scope=row] { min-width: 6rem; overflow-wrap: anywhere }
time { white-space: nowrap }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
.bad { color: var(--bad); font-weight: 600 } .quiet { color: var(--quiet) }
pre { white-space: pre-wrap; overflow-wrap: anywhere }
svg { display: block; margin-top: .4rem; width: 100%; min-width: 3rem; max-width: 160px }
.right { fill: var(--right) } .wrong { fill: var(--wrong) } .other { fill: var(--other) } .rest { fill: var(--rest) } .mark { fill: var(--text) }
details { margin: 1rem 0 } summary { cursor: pointer } details p { color: var(--quiet) }
@media (max-width: 40rem) {
body { margin: 1rem auto; font-size: 14px } dl { grid-template-columns: 1fr } dd { margin-bottom: .4rem }
table, caption, tbody { display: block } thead, td:empty { display: none } caption { padding-bottom: .5rem }
tr { display: flex; flex-wrap: wrap; gap: 0 1rem; border-top: 1px solid var(--line); padding: .4rem 0 }
th, td { border: 0; padding: 0; overflow-wrap: break-word; min-width: 0 } th[scope=row] { width: 100% }
td[data-title]::before { content: attr(data-title); color: var(--quiet); margin-right: .4rem }
.number { white-space: normal; text-align: left } svg { width: 160px; display: inline-block; margin: 0 }
}
@media print { body { margin: 0; max-width: none } }
`;

/**
 * One page that needs no other file: no script, no address. The policy in it makes the browser refuse
 * whatever a string from a configuration could smuggle in, were it not escaped.
 */
export function renderPage({ about = [], facts, sections, title }: PageContent): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${facts.map((fact) => `<p>${escaped(fact)}</p>`).join("\n")}
${about.length === 0 ? "" : `<dl>${about.map(([term, text]) => `<dt>${escaped(term)}</dt><dd>${escaped(text)}</dd>`).join("\n")}</dl>`}
${sections.join("\n")}
</main>
</body>
</html>
`;
}

/** Maximum size of one table or list, so that the whole page stays below 2 MB. */
const ROOM_BYTES = 800_000;

/** As many pieces as there is room for, in their order, and how many are left out. */
export function fitting(pieces: Iterable<string>): {
  readonly html: string;
  readonly left: number;
} {
  let [html, left, usedBytes] = ["", 0, 0];
  for (const piece of pieces) {
    const bytes = Buffer.byteLength(piece);
    if (usedBytes + bytes > ROOM_BYTES) left += 1;
    else {
      usedBytes += bytes;
      html += piece;
    }
  }
  return { html, left };
}

/** Says how many pieces were left out; the empty string if none was. */
export function leftText(left: number, noun: string): string {
  if (left === 0) return "";
  return `<p>The page has no room for ${countText(left, noun)} more; --json has all of them.</p>`;
}
