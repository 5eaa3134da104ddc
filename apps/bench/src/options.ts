import { parseArgs } from "node:util";
import { nearestName } from "@sortition/core/internal";
import type { Mode } from "./cells/cell.js";

/** The cells to measure, and the file of the report. */
interface Selection {
  readonly mode: Mode;
  readonly cellIds: readonly string[];
  /** `null`: a new file in the reports folder. */
  readonly jsonFile: string | null;
}

export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "misuse"; readonly message: string }
  | (Selection & { readonly kind: "run" })
  /** Compares with the checkout in the folder `against`. */
  | (Selection & { readonly kind: "compare"; readonly against: string });

/**
 * Reads the command line. Without `--dialect` and `--cells`, selects all cells.
 *
 * @param knownIds - ids of all cells, e.g. `eppo:W1`.
 */
export function readCommand(args: readonly string[], knownIds: readonly string[]): Command {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        help: { type: "boolean", short: "h", default: false },
        quick: { type: "boolean", default: false },
        dialect: { type: "string", multiple: true },
        cells: { type: "string", multiple: true },
        json: { type: "string" },
        against: { type: "string" },
      },
    });
    if (values.help) return { kind: "help" };
    const cellIds = selectCells(knownIds, values.dialect, values.cells);
    const mode = values.quick ? "quick" : "full";
    const { against, json: jsonFile = null } = values;
    if (against === undefined) return { kind: "run", mode, cellIds, jsonFile };
    if (against === "") throw new Error("--against: expected a folder");
    return { kind: "compare", mode, cellIds, jsonFile, against };
  } catch (cause) {
    return { kind: "misuse", message: (cause as Error).message }; // all of these throw errors
  }
}

/** @throws Error that names an unknown dialect or cell, and the nearest known one. */
function selectCells(
  knownIds: readonly string[],
  dialects: readonly string[] | undefined,
  cells: readonly string[] | undefined,
): readonly string[] {
  const knownDialects = new Set(knownIds.map(dialectOf));
  const unknown = dialects?.find((name) => !knownDialects.has(name));
  if (unknown !== undefined) {
    throw new Error(unknownName("dialect", unknown, [...knownDialects]));
  }
  const ids = knownIds.filter((id) => dialects?.includes(dialectOf(id)) ?? true);
  const names = cells?.flatMap((list) => list.split(",")).map((name) => name.trim());
  return names?.flatMap((name) => cellsNamed(name, ids)) ?? ids;
}

function dialectOf(id: string): string {
  return id.slice(0, id.indexOf(":"));
}

/** Returns the cell with an id (`eppo:W1`), or the cells of all dialects (`W1`). */
function cellsNamed(name: string, ids: readonly string[]): readonly string[] {
  const wanted = name.toLowerCase();
  const found = ids.filter((id) => {
    const known = id.toLowerCase();
    return known === wanted || known.endsWith(`:${wanted}`);
  });
  if (found.length > 0) return found;
  // Users copy complete ids, but remember them without the dialect.
  const names = name.includes(":") ? ids : ids.map((id) => id.slice(id.indexOf(":") + 1));
  throw new Error(unknownName("cell", name, ids, names));
}

/** Names the nearest known name within a third of the length, and all known names. */
export function unknownName(
  kind: string,
  name: string,
  known: readonly string[],
  candidates: readonly string[] = known,
): string {
  const nearest = nearestName(name, candidates, Math.max(1, Math.floor(name.length / 3)));
  const hint = nearest === null ? "" : ` (nearest: "${nearest}")`;
  return `no ${kind} "${name}"${hint}; there are ${known.join(", ")}`;
}
