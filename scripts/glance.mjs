// The figures of the README's first screen, and its small chart. Both come from docs/figures.json.

/**
 * @typedef {object} Figures
 * @property {Readonly<Record<string, { figure: string, what: string, page: string }>>} claims - in order.
 * @property {readonly { vendor: string, sdk: string, factor: number }[]} timesAsFast
 */

/**
 * One line of Markdown: each claim with a link to the page that has its evidence.
 *
 * @param {Figures} figures
 */
export function claimsLine({ claims }) {
  return Object.values(claims)
    .map(({ figure, what, page }) => `**[${figure}](${page})** ${what}`)
    .join(" · ");
}

const WIDTH = 640;
const ROW_HEIGHT = 24;
const TOP = 34;
const BAR = { left: 300, right: 570 };

/**
 * The chart: a bar for each vendor's SDK, of the time that one evaluation of a 50/50 flag takes it, ours being 1.
 *
 * @param {Figures} figures
 */
export function drawGlance({ timesAsFast }) {
  const height = TOP + (timesAsFast.length + 1) * ROW_HEIGHT + 6;
  const most = Math.max(...timesAsFast.map(({ factor }) => factor));
  const rows = [{ vendor: "Sortition", sdk: "", factor: 1 }, ...timesAsFast].flatMap(
    ({ vendor, sdk, factor }, i) => {
      const y = TOP + i * ROW_HEIGHT;
      const width = Math.max(2, ((BAR.right - BAR.left) * factor) / most);
      const colour = sdk === "" ? "#2563eb" : "#94a3b8";
      return [
        `<text x="${BAR.left - 10}" y="${y + 15}" text-anchor="end">${sdk === "" ? vendor : sdk}</text>`,
        `<rect x="${BAR.left}" y="${y + 3}" width="${width.toFixed(1)}" height="16" rx="2" fill="${colour}"/>`,
        `<text x="${(BAR.left + width + 6).toFixed(1)}" y="${y + 15}">${factor}</text>`,
      ];
    },
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-labelledby="glance">`,
    '<title id="glance">Time of one evaluation of a 50/50 flag: Sortition 1, the vendors\' SDKs more</title>',
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    '<text x="12" y="20" font-weight="600">Time of one evaluation of a 50/50 flag; Sortition is 1</text>',
    ...rows,
    "</svg>\n",
  ].join("\n");
}
