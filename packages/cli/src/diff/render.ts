import { type Paint, printable, shareText, wrap } from "@sortition/core/dialect";
import { placeText } from "../rows/place.js";
import { table } from "../text/table.js";
import { count, countText } from "../text/values.js";
import type { FlagDiff, Movement } from "./flag-diff.js";
import type { Cell } from "./moves.js";

const WIDTH = 80;
/** Describes the subjects that are evaluated if none are given. */
const MADE_UP_TEXT = "100,000 made-up keys without attributes";
/** Maximum number of cells to show. The JSON contains all. */
const MAX_CELLS = 12;

const SOURCES: Readonly<Record<Movement["source"], string>> = {
  subjects: "",
  shares: ", exactly",
  generated: ` of ${MADE_UP_TEXT}`,
};

/** Renders the changes and moves as text that ends with a line feed. */
export function renderDiff(
  flags: readonly FlagDiff[],
  showsSubjects: boolean | null,
  paint: Paint,
): string {
  const shown = flags.filter(isShown);
  const same = flags.length - shown.length;
  const lines = shown.flatMap((flag) => [
    paint(printable(headOf(flag)), isRerandomized(flag) ? "yellow" : "green"),
    ...[
      ...unmeasuredLines(flag),
      ...changeLines(flag),
      ...cellLines(flag),
      ...exampleLines(flag, showsSubjects),
    ].flatMap((line) => wrap(printable(line), WIDTH, 4)),
  ]);
  return `${[...lines, `${countText(same, "flag")} did not change`].join("\n")}\n`;
}

/** Whether a flag changed, or its subjects move or might move. */
export function isShown({ change, movement, unmeasured }: FlagDiff): boolean {
  return change !== "same" || unmeasured !== null || (movement?.moved ?? 0) > 0;
}

/**
 * Whether the moves are unknown, because no subject could be evaluated, or only made-up keys without attributes could
 * be.
 */
export function isUnknown({ movement, unmeasured }: FlagDiff): boolean {
  if (unmeasured === null) return false;
  return movement?.source !== "subjects" || movement.undecided === movement.total;
}

/** Whether subjects are rehashed, so that nearly all of them move. */
export function isRerandomized({ changes }: FlagDiff): boolean {
  return changes.some(({ aspect }) => aspect === "salt");
}

function headOf(flag: FlagDiff): string {
  const { change, key, movement } = flag;
  const state = isRerandomized(flag) ? "re-randomised" : change;
  if (isUnknown(flag)) return `${key}: ${state}, not measured`;
  if (movement === null) return `${key}: ${state}`;
  const { moved, source, total, undecided } = movement;
  const part = movedText(movement);
  const number = source === "subjects" ? ` (${count(moved)} of ${count(total)})` : "";
  const open = undecided === 0 ? "" : `, ${count(undecided)} not measured`;
  return `${key}: ${state}, ${part} move${number}${SOURCES[source]}${open}`;
}

/** The fraction of subjects that move. */
export function movedText(movement: Movement): string {
  return partText(movement.moved, movement);
}

/** Decimal places of percentages. Exact shares justify more of them. */
const DECIMALS: Readonly<Record<Movement["source"], number>> = {
  subjects: 1,
  shares: 2,
  generated: 1,
};

function partText(n: number, { source, total }: Movement): string {
  const share = total === 0 ? 0 : n / total;
  const scale = 10 ** (DECIMALS[source] + 2);
  const rounded = Math.round(share * scale) / scale;
  // A few subjects must not be shown as 0%, nor nearly all subjects as 100%.
  return shareText(Number.isInteger(rounded) ? share : rounded);
}

/** Lines about a flag that could not be measured. */
function unmeasuredLines(flag: FlagDiff): string[] {
  const { movement, unmeasured } = flag;
  if (unmeasured === null) return [];
  const isMadeUp = movement?.source === "generated" && movement.undecided === 0;
  return [
    `  not measured: ${unmeasured}`,
    ...(isMadeUp ? [`  ${movedText(movement)} of ${MADE_UP_TEXT} move`] : []),
  ];
}

function changeLines({ changes, movement }: FlagDiff): string[] {
  const whys = [...(movement?.whys ?? [])].sort(([, a], [, b]) => b - a);
  const because = whys.map(([why, n]) => `${why} ${textOf(n, movement)}`).join(", ");
  return [
    ...changes.map(({ allocation, aspect, text }) => {
      const name = allocation === null ? aspect : `${allocation}, ${aspect}`;
      return `  ${name}: ${text}`;
    }),
    ...(because === "" ? [] : [`  moved by cause: ${because}`]),
  ];
}

function cellLines(flag: FlagDiff): string[] {
  const { movement } = flag;
  if (movement === null || (isUnknown(flag) && movement.moved === 0)) return [];
  const cells = [...movement.cells].sort((a, b) => b.moved - a.moved || b.count - a.count);
  const rows = cells.slice(0, MAX_CELLS).map((cell) => {
    return [`  ${arrow(cell)}`, textOf(cell.count, movement), cell.moved > 0 ? "moved" : ""];
  });
  const more = cells.length - rows.length;
  return [
    ...table(rows, [48, 14, 14]),
    ...(more > 0 ? [`  and ${count(more)} more ${more === 1 ? "pair" : "pairs"}`] : []),
  ];
}

function exampleLines({ movement }: FlagDiff, showsSubjects: boolean | null): string[] {
  if (showsSubjects === null) return [];
  return (movement?.cells ?? []).flatMap((cell) =>
    cell.examples.map(({ place, subject, why }) => {
      const who = showsSubjects ? ` ${JSON.stringify(subject)}` : "";
      return `  ${placeText(place)}${who}: ${arrow(cell)}, caused by ${why}`;
    }),
  );
}

/** Returns the text `before → after` for a cell. */
export function arrow({ after, before }: Cell): string {
  return `${before ?? "(nothing)"} → ${after ?? "(nothing)"}`;
}

/** Formats a number of subjects, as a share unless the subjects were given. */
export function textOf(n: number, movement: Movement | null): string {
  return movement === null || movement.source === "subjects" ? count(n) : partText(n, movement);
}
