import type { CellReport, ParticipantReport, Report } from "./report.js";

type Measured = Extract<CellReport, { state: "measured" }>;

const WIDTH = 900;
const LABEL_WIDTH = 330;
const FIGURE_WIDTH = 70;
const ROW_HEIGHT = 18;
const HEADING_HEIGHT = 30;

/**
 * The run as a chart in SVG: for each cell a bar per participant, as long as the logarithm of its
 * minimum over the least one of the cell. Each step of the same length is the same factor.
 */
export function drawChart(report: Report): string {
  const cells = report.cells.filter((cell): cell is Measured => cell.state === "measured");
  const widest = Math.max(10, ...cells.flatMap(({ participants }) => spreads(participants)));
  const parts: string[] = [];
  let y = 10;
  for (const cell of cells) {
    y += HEADING_HEIGHT;
    parts.push(text(10, y - 8, `${cell.id}: ${cell.title}`, "font-weight='bold'"));
    const factors = spreads(cell.participants);
    cell.participants.forEach((participant, i) => {
      const factor = factors[i] as number; // as many as participants
      const room = WIDTH - LABEL_WIDTH - FIGURE_WIDTH;
      const length = 2 + (Math.log(factor) / Math.log(widest)) * (room - 2);
      const fill =
        i === 0 ? "#2563eb" : participant.name.startsWith("floor") ? "#cbd5e1" : "#94a3b8";
      const top = y + i * ROW_HEIGHT;
      parts.push(text(LABEL_WIDTH - 8, top + 13, participant.name, "text-anchor='end'"));
      parts.push(
        `<rect x='${LABEL_WIDTH}' y='${top + 3}' width='${length.toFixed(1)}' height='12' fill='${fill}'/>`,
      );
      parts.push(text(LABEL_WIDTH + length + 6, top + 13, `${participant.ratio.toPrecision(3)} ×`));
    });
    y += cell.participants.length * ROW_HEIGHT;
  }
  const { node, processor } = report.machine;
  y += HEADING_HEIGHT;
  parts.push(
    text(10, y - 8, `minima, logarithmic; Node ${node}, ${processor}, ${report.startedAt}`),
  );
  return [
    `<svg xmlns='http://www.w3.org/2000/svg' width='${WIDTH}' height='${y}' font-family='sans-serif' font-size='12'>`,
    `<rect width='100%' height='100%' fill='white'/>`,
    ...parts,
    "</svg>\n",
  ].join("\n");
}

/** How many times the least minimum of the cell each of its minima is. */
function spreads(participants: readonly ParticipantReport[]): readonly number[] {
  const least = Math.min(...participants.map(({ minNs }) => minNs));
  return participants.map(({ minNs }) => minNs / least);
}

function text(x: number, y: number, content: string, attributes = ""): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x='${x.toFixed(1)}' y='${y}' ${attributes}>${escaped}</text>`;
}
