import type { Section } from "../analysis/report.js";
import type { WatchReport } from "../diff/subject-watch.js";
import { countText } from "../text/values.js";
import type { ComparedSide } from "./compared-side.js";

/** Maximum number of names that the text shows. The JSON contains all. */
const MAX_NAMES = 5;

/** Reports data of OLD that its file does not contain, so that it is lost if only the file is imported. */
export function outsideReport({ configuration, dialect }: ComparedSide): WatchReport {
  const found = dialect.outsideData?.(configuration) ?? [];
  if (found.length === 0) return { sections: [], json: [] };
  const notes = found.map(({ kind, names, note }) => {
    const more = names.length > MAX_NAMES ? ", …" : "";
    return `${countText(names.length, kind)}${note}: ${names.slice(0, MAX_NAMES).join(", ")}${more}`;
  });
  const section: Section = { name: "Not in the file of OLD", tone: "yellow", notes };
  return {
    sections: [section],
    json: found.map(({ kind, names }) => ({ notInFile: kind, count: names.length, names })),
  };
}
