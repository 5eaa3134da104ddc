import { BASE_STYLE, MARK } from "@sortition/page-style";
import { countText } from "../text/values.js";
import { escaped } from "./escaped.js";

export interface PageContent {
  readonly title: string;
  /** Sentences below the title. */
  readonly facts: readonly string[];
  /** Terms and descriptions of what the page was created from. */
  readonly about?: readonly (readonly [string, string])[];
  /** HTML. */
  readonly sections: readonly string[];
}

const STYLE = `${BASE_STYLE}
main { max-width: 68rem } .bar { max-width: 68rem }
td svg { display: block; margin-top: .4rem; width: 100%; min-width: 3rem; max-width: 160px; border-radius: 2px }
dl.card { margin-top: var(--space-4) } details { margin: var(--space-4) 0 } details p { color: var(--quiet) }
@media (max-width: 40rem) { td svg { width: 160px; margin: 0 } }
`;

/**
 * Renders a self-contained page without scripts or URLs. Its content security policy blocks anything that a string
 * from a configuration might inject if it were not escaped.
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
<header class="top"><div class="bar"><span class="brand">${MARK}Sortition</span></div></header>
<main>
<h1>${escaped(title)}</h1>
${facts.map((fact) => `<p>${escaped(fact)}</p>`).join("\n")}
${about.length === 0 ? "" : `<dl class="card">${about.map(([term, text]) => `<dt>${escaped(term)}</dt><dd>${escaped(text)}</dd>`).join("\n")}</dl>`}
${sections.join("\n")}
</main>
</body>
</html>
`;
}

/** Maximum size of one table or list, so that the whole page stays below 2 MB. */
const ROOM_BYTES = 800_000;

/** Joins as many pieces as fit, in order, and counts the rest. */
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

/** Returns a sentence about omitted pieces; empty if none were omitted. */
export function leftText(left: number, noun: string): string {
  if (left === 0) return "";
  return `<p>${countText(left, noun)} not shown, to limit the size of the page. Use --json to get all of them.</p>`;
}
