import { aboutOf, type PageSource } from "../html/about.js";
import { bar } from "../html/bar.js";
import { escaped } from "../html/escaped.js";
import { fitting, leftText, renderPage } from "../html/page.js";
import { type Column, htmlRow, htmlTable } from "../html/table.js";
import { placeText } from "../rows/place.js";
import { count, countText } from "../text/values.js";
import type { FlagDiff, Movement } from "./flag-diff.js";
import type { Cell } from "./moves.js";
import { arrow, isRerandomized, isShown, isUnknown, movedText, textOf } from "./render.js";

/** What the page of a comparison shows in addition to its flags. */
export interface DiffPageFacts {
  readonly facts: readonly string[];
  /** `null` hides examples. */
  readonly showsSubjects: boolean | null;
  /** Its configurations are the old and the new one. */
  readonly source: PageSource;
}

const FLAGS: readonly Column[] = [
  { title: "Flag" },
  { title: "Change" },
  { title: "Moved", isNumber: true },
  { title: "Share" },
  { title: "What changed" },
];
const CELLS: readonly Column[] = [
  { title: "Before → after" },
  { title: "Subjects", isNumber: true },
  { title: "Moved", isNumber: true },
];

export function diffPage(
  flags: readonly FlagDiff[],
  { facts, showsSubjects, source }: DiffPageFacts,
): string {
  const shown = flags.filter(isShown);
  const rows = fitting(shown.map(flagRow));
  const moving = shown.filter(({ movement }) => (movement?.moved ?? 0) > 0);
  const parts = fitting(moving.map((flag) => movementSection(flag, showsSubjects)));
  const same = flags.length - shown.length;
  const unknown = shown.filter(isUnknown).length;
  const states = [
    `${countText(shown.length, "flag")} changed`,
    `subjects of ${countText(moving.length, "flag")} move`,
    ...(unknown === 0 ? [] : [`${countText(unknown, "flag")} could not be measured`]),
    `${countText(same, "flag")} did not change`,
  ];
  return renderPage({
    title: "Who moves, and why",
    facts: [
      source.configurations.map(({ name }) => name).join(" → "),
      `${states.join("; ")}.`,
      ...facts,
    ],
    about: aboutOf(source),
    sections: [
      rows.html === ""
        ? ""
        : htmlTable({
            caption: "Changed flags, re-randomised flags first",
            head: FLAGS,
            rows: rows.html,
          }),
      leftText(rows.left, "flag"),
      parts.html,
      leftText(parts.left, "flag"),
    ],
  });
}

function flagRow(flag: FlagDiff): string {
  const { change, changes, key, movement, unmeasured } = flag;
  const isMeasured = movement !== null && !isUnknown(flag);
  const state = isRerandomized(flag) ? '<span class="chip bad">re-randomised</span>' : change;
  const share = movement === null || movement.total === 0 ? 0 : movement.moved / movement.total;
  const texts = changes.map(({ allocation, aspect, text }) => {
    return escaped(`${allocation === null ? aspect : `${allocation}, ${aspect}`}: ${text}`);
  });
  const cells = [
    escaped(key),
    state,
    isUnknown(flag)
      ? '<span class="bad">not measured</span>'
      : isMeasured
        ? movedText(movement)
        : "",
    isMeasured ? bar([{ share, tone: "wrong" }]) : "",
    [...(unmeasured === null ? [] : [escaped(`not measured: ${unmeasured}`)]), ...texts].join(
      "<br>",
    ),
  ];
  return htmlRow(cells, FLAGS);
}

function movementSection({ key, movement }: FlagDiff, showsSubjects: boolean | null): string {
  if (movement === null) return "";
  const { cells, whys } = movement;
  const because = [...whys].map(([why, n]) => `${why} ${textOf(n, movement)}`).join(", ");
  const sorted = [...cells].sort((a, b) => b.moved - a.moved || b.count - a.count);
  const rows = sorted.map((cell) => {
    const moved = cell.moved > 0 ? textOf(cell.moved, movement) : "";
    return htmlRow([escaped(arrow(cell)), textOf(cell.count, movement), moved], CELLS);
  });
  const whose = sourceText(movement);
  const caption = because === "" ? whose : `${whose}; moved by cause: ${because}`;
  const examples =
    showsSubjects === null ? [] : sorted.flatMap((it) => examplesOf(it, showsSubjects));
  const list = examples.length === 0 ? "" : `<ul>${examples.join("")}</ul>`;
  return `<h2>${escaped(key)}</h2>\n${htmlTable({ caption, head: CELLS, rows: rows.join("") })}${list}\n`;
}

function sourceText({ source, total }: Movement): string {
  if (source === "shares") return "Exact shares";
  return `${count(total)} ${source === "subjects" ? "subjects" : "made-up keys without attributes"}`;
}

function examplesOf(cell: Cell, showsSubjects: boolean): string[] {
  return cell.examples.map(({ place, subject, why }) => {
    const who = showsSubjects ? `, ${JSON.stringify(subject)}` : "";
    return `<li>${escaped(`${placeText(place)}${who}: ${arrow(cell)}, caused by ${why}`)}</li>`;
  });
}
