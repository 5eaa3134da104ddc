// The README's first screen: its table of figures, and its small chart.

/** A row for each claim, with a link to the page that has its evidence. */
export function claimRows({ claims }) {
  return claims.map(({ figure, page, what }) => [`**[${figure}](${page})**`, what]);
}

const WIDTH = 640;
const ROW_HEIGHT = 24;
const TOP = 34;
const BAR = { left: 300, right: 570 };

/** The chart: a bar for each vendor's SDK, of the time that one evaluation with a logger takes it, ours being 1. */
export function drawGlance({ speeds }) {
  const height = TOP + (speeds.length + 1) * ROW_HEIGHT + 6;
  const most = Math.max(...speeds.map(({ logged }) => logged));
  const rows = [{ sdk: "", logged: 1 }, ...speeds].flatMap(({ by, logged: factor, sdk }, i) => {
    const y = TOP + i * ROW_HEIGHT;
    const width = Math.max(2, ((BAR.right - BAR.left) * factor) / most);
    const colour = sdk === "" ? "#2563eb" : "#94a3b8";
    return [
      `<text x="${BAR.left - 10}" y="${y + 15}" text-anchor="end">${sdk === "" ? "Sortition" : sdk}</text>`,
      `<rect x="${BAR.left}" y="${y + 3}" width="${width.toFixed(1)}" height="16" rx="2" fill="${colour}"/>`,
      `<text x="${(BAR.left + width + 6).toFixed(1)}" y="${y + 15}">${factor}${by === "native client" ? " (native)" : ""}</text>`,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-labelledby="glance">`,
    '<title id="glance">Time of one evaluation of a 50/50 flag with a logger: Sortition 1, the vendors\' SDKs more</title>',
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    '<text x="12" y="20" font-weight="600">One evaluation of a 50/50 flag with a logger, logged before; our drop-in is 1</text>',
    ...rows,
    "</svg>\n",
  ].join("\n");
}
