import type {
  AllocationDescription,
  BanditDescription,
  FlagDescription,
  Paint,
} from "@sortition/core/dialect";
import {
  PLAIN_WORDS,
  printable,
  rulesWords,
  shareText,
  shortTimeText,
  timeText,
  unitWords,
  valueText,
  windowStateAt,
  wrap,
} from "@sortition/core/dialect-internal";
import { paragraphLines } from "../text/paragraphs.js";
import { table } from "../text/table.js";
import { countText } from "../text/values.js";
import { WIDTH } from "../text/width.js";
import type { Inspection } from "./inspection.js";

/** Widths of the columns. With three gaps of two characters, they add up to 100. */
const CAPS: readonly number[] = [26, 20, 26, 22];

const HEAD: readonly string[] = [
  "FLAG, ALLOCATIONS",
  "TYPE, WINDOW",
  "STATE, RULES",
  "VARIATIONS, TRAFFIC",
];

/** Renders the content of a configuration as text that ends with a line feed. */
export function renderInspection(inspection: Inspection, paint: Paint): string {
  const { bandits, extras, flags, issues, nowMs } = inspection;
  const rows = flags.flatMap((flag) => flagRows(flag, nowMs));
  const [head = "", ...body] = table([HEAD, ...rows], CAPS).map(printable);
  const lines = [
    ...wrap(printable(summaryOf(inspection)), WIDTH, 2),
    "",
    paint(head, "dim"),
    ...body,
  ];
  const all = inspection.configuration.flagKeys.size;
  if (flags.length < all) lines.push(`${flags.length} of ${countText(all, "flag")}`);
  lines.push(...paragraphLines(extras.paragraphs));
  if (bandits.length > 0) lines.push("", ...bandits.flatMap(banditLines));
  if (issues.length > 0) {
    lines.push("", paint(countText(issues.length, "issue"), "yellow"));
    for (const { message, path } of issues) {
      lines.push(...wrap(printable(`  ${path}: ${message}`), WIDTH, 4));
    }
  }
  return `${lines.join("\n")}\n`;
}

function summaryOf({ configuration, extras, nowMs }: Inspection): string {
  const { environment, flagKeys, publishedAtMs } = configuration;
  return [
    `${configuration.dialect.name} configuration`,
    ...extras.summary,
    ...(environment === null ? [] : [`environment ${environment}`]),
    ...(publishedAtMs === null ? [] : [`published ${timeText(publishedAtMs)}`]),
    `as of ${timeText(nowMs)}`,
    countText(flagKeys.size, "flag"),
  ].join(", ");
}

function flagRows(flag: FlagDescription, nowMs: number): string[][] {
  const { allocations, isEnabled, key, problem, valueType, variations } = flag;
  const state = problem !== null ? "broken" : isEnabled ? "enabled" : "disabled";
  const names = variations.map((variation) => variation.key).join(", ");
  return [
    [key, valueType ?? "", state, names],
    ...allocations.map((allocation, i) => allocationRow(allocation, i, nowMs)),
  ];
}

function allocationRow(allocation: AllocationDescription, index: number, nowMs: number): string[] {
  const { key, rules, splits, traffic, window } = allocation;
  const state = windowStateAt(window, nowMs);
  const [startAtMs, endAtMs] = [window?.startAtMs ?? null, window?.endAtMs ?? null];
  const when =
    state === "not-started" && startAtMs !== null
      ? `starts ${shortTimeText(startAtMs)}`
      : endAtMs === null
        ? "open"
        : `${state === "ended" ? "ended" : "open to"} ${shortTimeText(endAtMs)}`;
  return [
    `  ${index + 1} ${key}`,
    when,
    rulesWords(rules, PLAIN_WORDS),
    splits.length === 0 ? "no splits" : [trafficText(traffic), ...unitWords(allocation)].join(", "),
  ];
}

function trafficText(traffic: AllocationDescription["traffic"]): string {
  if (traffic === null) return "unknown";
  const shares = [...traffic.byVariation].map(([key, share]) => `${key} ${shareText(share)}`);
  const rest = traffic.unassigned === 0 ? [] : [`unassigned ${shareText(traffic.unassigned)}`];
  return [...shares, ...rest].join(", ");
}

function banditLines({ behind, hasModel, key }: BanditDescription): string[] {
  const places = behind.map(({ flagKey, value }) => `${flagKey} = ${valueText(value)}`);
  const where = places.length === 0 ? "not used by a flag" : `used by ${places.join(", ")}`;
  const model = hasModel ? "model loaded" : "model missing";
  return wrap(printable(`bandit ${key}: ${model}, ${where}`), WIDTH, 2);
}
