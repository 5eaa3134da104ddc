import { shareText } from "@sortition/core/dialect-internal";
import type { Cell, Column, Report, Section } from "../analysis/report.js";
import { placeText } from "../rows/place.js";
import { count, countText } from "../text/values.js";
import type { FlagDiff, Movement } from "./flag-diff.js";
import { flagJson } from "./flag-json.js";
import type { Cell as MoveCell } from "./moves.js";

/** Describes the subjects that are evaluated if none are given. */
const MADE_UP_TEXT = "100,000 made-up keys without attributes";
/** Maximum number of cells to show. The JSON contains all. */
const MAX_CELLS = 12;
const FLAGS: readonly Column[] = [
  { title: "Flag" },
  { title: "Change" },
  { title: "Moved", isNumber: true },
  { title: "Share" },
  { title: "What changed" },
];
const CELLS: readonly Column[] = [
  { title: "Before → after", width: 46 },
  { title: "Subjects", width: 14, isNumber: true },
  { title: "Moved", width: 14, isNumber: true },
];

const NOT_MEASURED: Cell = { lines: [{ text: "not measured", style: "bad" }] };

const SOURCES: Readonly<Record<Movement["source"], string>> = {
  subjects: "",
  shares: ", exactly",
  generated: ` of ${MADE_UP_TEXT}`,
};

/** @param showsSubjects - `null` hides examples. */
export function diffReport(
  flags: readonly FlagDiff[],
  showsSubjects: boolean | null,
  configurations: readonly { readonly name: string }[],
): Pick<Report, "title" | "answer" | "sections" | "json"> {
  const shown = flags.filter(isShown);
  const moving = shown.filter(({ movement }) => (movement?.moved ?? 0) > 0);
  const same = `${countText(flags.length - shown.length, "flag")} did not change`;
  const unknown = shown.filter(isUnknown).length;
  const states = [
    `${countText(shown.length, "flag")} changed`,
    `subjects of ${countText(moving.length, "flag")} move`,
    ...(unknown === 0 ? [] : [`${countText(unknown, "flag")} could not be measured`]),
    same,
  ];
  return {
    title: "Who moves, and why",
    answer: [configurations.map(({ name }) => name).join(" → "), `${states.join("; ")}.`],
    sections: () => [
      {
        name: null,
        tables: [
          {
            caption: "Changed flags, re-randomised flags first",
            columns: FLAGS,
            rows: shown.map(flagRow),
            only: "page",
          },
        ],
      },
      ...shown.map((flag) => sectionOf(flag, showsSubjects)),
      { name: null, notes: [same], only: "text" },
    ],
    json: flags.map((flag) => flagJson(flag, showsSubjects)),
  };
}

function flagRow(flag: FlagDiff): readonly Cell[] {
  const { change, key, movement } = flag;
  const isMeasured = movement !== null && !isUnknown(flag);
  const share = movement === null || movement.total === 0 ? 0 : movement.moved / movement.total;
  return [
    key,
    isRerandomized(flag) ? { lines: [{ text: "re-randomised", style: "chip" }] } : change,
    isUnknown(flag) ? NOT_MEASURED : isMeasured ? movedText(movement) : "",
    isMeasured ? { bar: [{ share, tone: "wrong" }] } : "",
    { lines: changesOf(flag) },
  ];
}

function changesOf({ changes, unmeasured }: FlagDiff): readonly string[] {
  return [
    ...(unmeasured === null ? [] : [`not measured: ${unmeasured}`]),
    ...changes.map(({ allocation, aspect, text }) => {
      return `${allocation === null ? aspect : `${allocation}, ${aspect}`}: ${text}`;
    }),
  ];
}

function sectionOf(flag: FlagDiff, showsSubjects: boolean | null): Section {
  const { movement, unmeasured } = flag;
  const isMadeUp = movement?.source === "generated" && movement.undecided === 0;
  const whys = [...(movement?.whys ?? [])].sort(([, a], [, b]) => b - a);
  const because = whys.map(([why, n]) => `${why} ${textOf(n, movement)}`).join(", ");
  const cells = [...(movement?.cells ?? [])].sort((a, b) => b.moved - a.moved || b.count - a.count);
  const isHidden = movement === null || (isUnknown(flag) && movement.moved === 0);
  return {
    name: flag.key,
    tone: isRerandomized(flag) ? "yellow" : "green",
    notes: [
      headOf(flag),
      ...changesOf(flag),
      ...(unmeasured !== null && isMadeUp
        ? [`${movedText(movement)} of ${MADE_UP_TEXT} move`]
        : []),
      ...(because === "" ? [] : [`moved by cause: ${because}`]),
    ],
    tables: [
      {
        caption: "before and after",
        captionOnly: "page",
        columns: CELLS,
        textRows: MAX_CELLS,
        rows: isHidden
          ? []
          : cells.map((cell) => [
              arrow(cell),
              textOf(cell.count, movement),
              cell.moved > 0 ? textOf(cell.moved, movement) : "",
            ]),
      },
    ],
    lines: showsSubjects === null ? "" : examplesOf(cells, showsSubjects).join("\n"),
  };
}

function examplesOf(cells: readonly MoveCell[], showsSubjects: boolean): readonly string[] {
  return cells.flatMap((cell) =>
    cell.examples.map(({ place, subject, why }) => {
      const who = showsSubjects ? ` ${JSON.stringify(subject)}` : "";
      return `${placeText(place)}${who}: ${arrow(cell)}, caused by ${why}`;
    }),
  );
}

/** Whether a flag changed, or its subjects move or might move. */
function isShown({ change, movement, unmeasured }: FlagDiff): boolean {
  return change !== "same" || unmeasured !== null || (movement?.moved ?? 0) > 0;
}

/**
 * Whether the moves are unknown, because no subject could be evaluated, or only made-up keys without attributes could
 * be.
 */
function isUnknown({ movement, unmeasured }: FlagDiff): boolean {
  if (unmeasured === null) return false;
  return movement?.source !== "subjects" || movement.undecided === movement.total;
}

/** Whether subjects are rehashed, so that nearly all of them move. */
export function isRerandomized({ changes }: FlagDiff): boolean {
  return changes.some(({ aspect }) => aspect === "salt");
}

function headOf(flag: FlagDiff): string {
  const { change, movement } = flag;
  const state = isRerandomized(flag) ? "re-randomised" : change;
  if (isUnknown(flag)) return `${state}, not measured`;
  if (movement === null) return state;
  const { moved, source, total, undecided } = movement;
  const part = movedText(movement);
  const number = source === "subjects" ? ` (${count(moved)} of ${count(total)})` : "";
  const open = undecided === 0 ? "" : `, ${count(undecided)} not measured`;
  return `${state}, ${part} move${number}${SOURCES[source]}${open}`;
}

/** The fraction of subjects that move. */
function movedText(movement: Movement): string {
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

/** Returns the text `before → after` for a cell. */
function arrow({ after, before }: MoveCell): string {
  return `${before ?? "(nothing)"} → ${after ?? "(nothing)"}`;
}

/** Formats a number of subjects, as a share unless the subjects were given. */
function textOf(n: number, movement: Movement | null): string {
  return movement === null || movement.source === "subjects" ? count(n) : partText(n, movement);
}
