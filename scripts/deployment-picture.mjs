// Draws the ways to deploy Sortition, as SVG.

const PANEL = { width: 350, height: 206 };
const GAP = 10;
/** Position of `y` = 0 of a panel's drawing, below the top of the panel. */
const MIDDLE = 128;
const LINE = 17;

const STYLE = `
.back{fill:#fff}.panel{fill:#f8fafc;stroke:#cbd5e1}
.box{fill:#fff;stroke:#64748b;stroke-width:1.5}.ours{fill:#eff6ff;stroke:#2563eb;stroke-width:1.5}
.line{fill:none;stroke:#475569;stroke-width:1.5}.arrow{marker-end:url(#head)}.head{fill:#475569}
.name{font-weight:600;fill:#0f172a}.title{font-weight:700;font-size:16px;fill:#0f172a}.note{font-size:13px;fill:#475569}
@media (prefers-color-scheme: dark){
.back{fill:#0f172a}.panel{fill:#1e293b;stroke:#475569}
.box{fill:#0f172a;stroke:#94a3b8}.ours{fill:#1e3a8a;stroke:#60a5fa}
.line{stroke:#cbd5e1}.head{fill:#cbd5e1}
.name,.title{fill:#f1f5f9}.note{fill:#cbd5e1}
}`;

/** Each panel has a title, a note and a drawing. */
const PANELS = [
  {
    title: "One process",
    note: "Polls flags, and logs each exposure once.",
    drawing: [
      box({ x: 16, width: 74, lines: ["Vendor"] }),
      arrow("M90 0H116"),
      box({ x: 118, width: 112, lines: ["Your server", "evaluates", "in memory"], isOurs: true }),
      arrow("M230 0H256"),
      box({ x: 258, width: 76, lines: ["Logger"] }),
    ],
  },
  {
    title: "A fleet with Redis",
    note: "One server polls. Any other can take over.",
    drawing: [
      box({ x: 16, width: 74, lines: ["Vendor"] }),
      arrow("M90 0H112"),
      box({ x: 114, width: 88, lines: ["Server 1", "polls"], isOurs: true }),
      arrow("M202 0H224"),
      box({ x: 226, width: 108, lines: ["Redis"] }),
      arrow("M280 -17V-29"),
      arrow("M280 17V29"),
      box({ x: 226, y: -48, width: 108, lines: ["Server 2"], isOurs: true }),
      box({ x: 226, y: 48, width: 108, lines: ["Server 3"], isOurs: true }),
    ],
  },
  {
    title: "A relay for several languages",
    note: "The vendors’ SDKs only need another host.",
    drawing: [
      box({ x: 16, width: 74, lines: ["Vendor"] }),
      arrow("M90 0H112"),
      box({ x: 114, width: 100, lines: ["Relay", "memory,", "disk, Redis"], isOurs: true }),
      ...fork(214, ["Python", "Go", "Node.js"], false),
    ],
  },
  {
    title: "Workers and other isolates",
    note: "Each request sends its own exposures.",
    drawing: [
      box({ x: 16, width: 74, lines: ["Vendor"] }),
      arrow("M90 0H112"),
      box({ x: 114, width: 100, lines: ["Cache", "one for each", "location"] }),
      ...fork(214, ["Isolate", "Isolate", "Isolate"], true),
    ],
  },
];

/**
 * Draws the four ways to deploy, readable on light and on dark pages.
 *
 * @param {1 | 2} columns - number of columns; 1 fits a phone.
 */
export function deploymentPicture(columns) {
  const width = columns * (PANEL.width + GAP) + GAP;
  const height = (PANELS.length / columns) * (PANEL.height + GAP) + GAP;
  const panels = PANELS.map(({ drawing, note, title }, i) => {
    const x = GAP + (i % columns) * (PANEL.width + GAP);
    const y = GAP + Math.floor(i / columns) * (PANEL.height + GAP);
    return [
      `<g transform="translate(${x} ${y})">`,
      `<rect width="${PANEL.width}" height="${PANEL.height}" rx="8" class="panel"/>`,
      `<text x="16" y="28" class="title">${title}</text>`,
      `<text x="16" y="47" class="note">${note}</text>`,
      `<g transform="translate(0 ${MIDDLE})">`,
      ...drawing,
      "</g>",
      "</g>",
    ].join("\n");
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="14" role="img" aria-labelledby="title">`,
    '<title id="title">Four ways to deploy: one process, a fleet with Redis, a relay for several languages, Workers</title>',
    "<defs>",
    '<marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" class="head"/></marker>',
    `<style>${STYLE}\n</style>`,
    "</defs>",
    `<rect width="${width}" height="${height}" rx="10" class="back"/>`,
    ...panels,
    "</svg>",
    "",
  ].join("\n");
}

/** Draws a box with a name and notes below it. Its centre is at `y`. */
function box({ isOurs = false, lines, width, x, y = 0 }) {
  const height = 17 + lines.length * LINE;
  const first = y + 5 - ((lines.length - 1) * LINE) / 2;
  const texts = lines.map(
    (line, i) =>
      `<text x="${x + width / 2}" y="${first + i * LINE}" text-anchor="middle" class="${i === 0 ? "name" : "note"}">${line}</text>`,
  );
  return [
    `<rect x="${x}" y="${y - height / 2}" width="${width}" height="${height}" rx="6" class="${isOurs ? "ours" : "box"}"/>`,
    ...texts,
  ].join("\n");
}

function arrow(path) {
  return `<path d="${path}" class="line arrow"/>`;
}

/** Draws three boxes in a column, each with an arrow from the right edge of another box. */
function fork(from, names, isOurs) {
  const bus = from + 16;
  const to = from + 32;
  return names.flatMap((name, i) => {
    const y = (i - 1) * 45;
    return [
      arrow(`M${from} 0H${bus}V${y}H${to}`),
      box({ x: to + 2, y, width: PANEL.width - to - 18, lines: [name], isOurs }),
    ];
  });
}
