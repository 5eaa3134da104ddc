import { printable, timeText } from "@sortition/core/dialect-internal";
import { countText } from "../text/values.js";
import type { Finding, LastUseOfFlag } from "./finding.js";
import type { Place } from "./places.js";
import type { StaleReport } from "./search.js";

/** Renders findings as text, one line each. */
export function renderStale(report: StaleReport): string {
  const lines = [...report.findings.map(findingText), summaryOf(report)];
  return lines.map((line) => `${printable(line)}\n`).join("");
}

/** Renders findings as NDJSON. */
export function staleLines({ findings }: StaleReport): string {
  return findings
    .map((finding) => {
      const { sinceMs, ...rest } = finding;
      const since =
        sinceMs === undefined
          ? {}
          : { since: sinceMs === null ? null : new Date(sinceMs).toISOString() };
      const { lastUse } = finding;
      const used = typeof lastUse === "number" ? { lastUse: new Date(lastUse).toISOString() } : {};
      return `${JSON.stringify({ ...rest, ...since, ...used })}\n`;
    })
    .join("");
}

function findingText(finding: Finding): string {
  const { flag, kind, places } = finding;
  return `${kind}: ${JSON.stringify(flag)}${factText(finding)}${placesText(places)}`;
}

function factText({ kind, lastUse, sinceMs = null, values }: Finding): string {
  switch (kind) {
    case "decided": {
      const kept = Object.entries(values ?? {}).map(
        ([type, it]) => `${type} ${JSON.stringify(it)}`,
      );
      const since = sinceMs === null ? "" : `, since at least ${timeText(sinceMs)}`;
      return ` is ${kept.join(", ")} for all subjects${since}`;
    }
    case "disabled":
      return " is disabled";
    case "not-in-code":
      return `, ${lastUseText(lastUse ?? "not-counted")}`;
    case "gone":
      return sinceMs === null ? " is gone" : `, last in the revision of ${timeText(sinceMs)}`;
    case "ambiguous":
      return " is too common to search for";
  }
}

function lastUseText(lastUse: LastUseOfFlag): string {
  if (lastUse === "not-counted") return "last use unknown";
  return lastUse === "never"
    ? "not evaluated since counting began"
    : `last evaluated ${timeText(lastUse)}`;
}

function placesText(places: readonly Place[]): string {
  if (places.length === 0) return "";
  return `: ${places.map(({ file, line }) => `${file}:${line}`).join(", ")}`;
}

function summaryOf(report: StaleReport): string {
  const { dialect, fileCount, findings, folders, historySinceMs, revision } = report;
  const history =
    historySinceMs === null ? "no history" : `history since ${timeText(historySinceMs)}`;
  return `${countText(findings.length, "finding")}: searched ${countText(fileCount, "file")} in ${folders.join(", ")} for flags of ${dialect}, revision ${revision}, ${history}`;
}
