import type { JsonObject } from "../evaluate/request.js";
import { count } from "../text/values.js";
import { columnOf } from "./preset.js";

/** Columns with the name of an event, in the order in which they are tried. */
const NAMES: readonly string[] = ["event", "event_type", "event_name", "type"];
const MAX_NAMES = 1_000;
const MAX_SHOWN = 5;

/** Counts the events that are not exposures, by name. */
export class SkippedEvents {
  readonly #counts = new Map<string, number>();

  note(row: JsonObject): void {
    const name = NAMES.map((it) => columnOf(row, it)).find((it) => typeof it === "string");
    if (name === undefined) return;
    const known = this.#counts.get(name as string);
    if (known === undefined && this.#counts.size >= MAX_NAMES) return;
    this.#counts.set(name as string, (known ?? 0) + 1);
  }

  /** Names the most frequent events, or returns an empty string if there were none. */
  text(): string {
    if (this.#counts.size === 0) return "";
    const byCount = [...this.#counts].sort(([, a], [, b]) => b - a);
    const shown = byCount
      .slice(0, MAX_SHOWN)
      .map(([name, n]) => `${JSON.stringify(name)} (${count(n)})`);
    const others = byCount.length - shown.length;
    const more = others === 0 ? "" : ` and ${count(others)} other names`;
    return ` among the events ${shown.join(", ")}${more}`;
  }
}
