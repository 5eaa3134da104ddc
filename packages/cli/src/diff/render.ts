import { type Paint, printable, shareText, wrap } from "@sortition/core/dialect";
import { placeText } from "../rows/place.js";
import { table } from "../text/table.js";
import { count, countText } from "../text/values.js";
import type { FlagDiff, Movement } from "./flag-diff.js";
import type { Cell } from "./moves.js";

const WIDTH = 80;
/** Cells are shown up to this number; all are in the JSON. */
const MAX_CELLS = 12;

const SOURCES: Readonly<Record<Movement["source"], string>> = {
  subjects: "",
  shares: ", exactly",
  generated: " of 100,000 made-up keys without attributes",
};

/** What changed and who moves, for people. Ends with a line feed. */
export function renderDiff(
  flags: readonly FlagDiff[],
  showsSubjects: boolean | null,
  paint: Paint,
): string {
  const shown = flags.filter((it) => it.change !== "same" || (it.movement?.moved ?? 0) > 0);
  const same = flags.length - shown.length;
  const lines = shown.flatMap((flag) => [
    paint(printable(headOf(flag)), isRerandomized(flag) ? "yellow" : "green"),
    ...[...changeLines(flag), ...cellLines(flag), ...exampleLines(flag, showsSubjects)].flatMap(
      (line) => wrap(printable(line), WIDTH, 4),
    ),
  ]);
  return `${[...lines, `${countText(same, "flag")} did not change`].join("\n")}\n`;
}

/** Whether subjects are hashed anew: nearly everybody moves. */
export function isRerandomized({ changes }: FlagDiff): boolean {
  return changes.some(({ aspect }) => aspect === "salt");
}

function headOf(flag: FlagDiff): string {
  const { change, key, movement } = flag;
  const state = isRerandomized(flag) ? "re-randomised" : change;
  if (movement === null) return `${key}: ${state}`;
  const { moved, source, total } = movement;
  const part = movedText(movement);
  const number = source === "subjects" ? ` (${count(moved)} of ${count(total)})` : "";
  return `${key}: ${state}, ${part} move${number}${SOURCES[source]}`;
}

/** The part that moves. */
export function movedText({ moved, total }: Movement): string {
  return shareText(Number((total === 0 ? 0 : moved / total).toFixed(6)));
}

function changeLines({ changes, movement }: FlagDiff): string[] {
  const whys = [...(movement?.whys ?? [])].sort(([, a], [, b]) => b - a);
  const because = whys.map(([why, n]) => `${why} ${textOf(n, movement)}`).join(", ");
  return [
    ...changes.map(({ allocation, aspect, text }) => {
      const name = allocation === null ? aspect : `${allocation}, ${aspect}`;
      return `  ${name}: ${text}`;
    }),
    ...(because === "" ? [] : [`  by ${because}`]),
  ];
}

function cellLines({ movement }: FlagDiff): string[] {
  if (movement === null) return [];
  const cells = [...movement.cells].sort((a, b) => b.moved - a.moved || b.count - a.count);
  const rows = cells.slice(0, MAX_CELLS).map((cell) => {
    return [`  ${arrow(cell)}`, textOf(cell.count, movement), cell.moved > 0 ? "moved" : ""];
  });
  const more = cells.length - rows.length;
  return [
    ...table(rows, [48, 14, 14]),
    ...(more > 0 ? [`  and ${countText(more, "pair")} more`] : []),
  ];
}

function exampleLines({ movement }: FlagDiff, showsSubjects: boolean | null): string[] {
  if (showsSubjects === null) return [];
  return (movement?.cells ?? []).flatMap((cell) =>
    cell.examples.map(({ place, subject, why }) => {
      const who = showsSubjects ? ` ${JSON.stringify(subject)}` : "";
      return `  ${placeText(place)}${who}: ${arrow(cell)}, by ${why}`;
    }),
  );
}

/** What subjects get before and after. */
export function arrow({ after, before }: Cell): string {
  return `${before ?? "(nothing)"} → ${after ?? "(nothing)"}`;
}

/** A number of subjects, or a share. */
export function textOf(n: number, movement: Movement | null): string {
  return movement?.source === "subjects" ? count(n) : shareText(n / (movement?.total ?? 1));
}
