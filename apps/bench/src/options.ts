import { parseArgs } from "node:util";
import type { Mode } from "./cells/cell.js";

/** What the command line asks for. */
export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "misuse"; readonly message: string }
  | {
      readonly kind: "run";
      readonly mode: Mode;
      readonly cellIds: readonly string[];
      /** `null`: a file of its own in the folder of reports. */
      readonly jsonFile: string | null;
      /** `null`: beside the report. */
      readonly chartFile: string | null;
    };

/** Reads the command line. No cell named means all of them. */
export function readCommand(args: readonly string[], knownIds: readonly string[]): Command {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        help: { type: "boolean", short: "h", default: false },
        quick: { type: "boolean", default: false },
        cell: { type: "string", multiple: true, default: [...knownIds] },
        json: { type: "string" },
        chart: { type: "string" },
      },
    });
    if (values.help) return { kind: "help" };
    const ids = values.cell.map(
      (id) => knownIds.find((known) => known.toLowerCase() === id.toLowerCase()) ?? id,
    );
    const unknown = ids.find((id) => !knownIds.includes(id));
    if (unknown !== undefined) {
      const message = `no cell "${unknown}"; there are ${knownIds.join(", ")}`;
      return { kind: "misuse", message };
    }
    const mode = values.quick ? "quick" : "full";
    const { json = null, chart = null } = values;
    return { kind: "run", mode, cellIds: ids, jsonFile: json, chartFile: chart };
  } catch (cause) {
    return { kind: "misuse", message: (cause as Error).message }; // a TypeError of parseArgs
  }
}
