import { countText } from "../text/values.js";
import { escaped } from "./escaped.js";

export interface PageContent {
  readonly title: string;
  /** Sentences below the title. */
  readonly facts: readonly string[];
  /** HTML. */
  readonly sections: readonly string[];
}

const STYLE = `
body { margin: 2rem auto; max-width: 64rem; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2rem; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 }
caption { text-align: left; color: #4a535e; padding: .3rem 0 }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-top: 1px solid #d0d7de; overflow-wrap: anywhere }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
.bad { color: #a40e26; font-weight: 600 } .quiet { color: #4a535e }
pre { white-space: pre-wrap; overflow-wrap: anywhere }
svg { display: block; margin-top: .4rem }
.right { fill: #1a7f37 } .wrong { fill: #cf222e } .other { fill: #8c959f } .rest { fill: #e7ebef } .mark { fill: #1b1f24 }
@media print { body { margin: 0; max-width: none } }
`;

/**
 * One page that needs no other file: no script, no address. The policy in it makes the browser refuse
 * whatever a string from a configuration could smuggle in, were it not escaped.
 */
export function renderPage({ facts, sections, title }: PageContent): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${facts.map((fact) => `<p>${escaped(fact)}</p>`).join("\n")}
${sections.join("\n")}
</main>
</body>
</html>
`;
}

/** What a page has room for, so that it is below 2 MB with whatever stands around. */
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

/** Says what there was no room for; the empty string for nothing. */
export function leftText(left: number, noun: string): string {
  if (left === 0) return "";
  return `<p>The page has no room for ${countText(left, noun)} more; --json has all of them.</p>`;
}
