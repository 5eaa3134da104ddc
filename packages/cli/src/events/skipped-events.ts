import type { JsonObject } from "../evaluate/request.js";
import { count } from "../text/values.js";
import { columnOf, type Preset } from "./preset.js";
import { presetOf } from "./presets.js";

/** Columns with the name of an event, in the order in which they are tried. */
const NAMES: readonly string[] = ["event", "event_type", "event_name", "type"];
const MAX_NAMES = 1_000;
const MAX_SHOWN = 5;

/** Counts the events that are not exposures, by name. */
export class SkippedEvents {
  readonly #counts = new Map<string, number>();
  /** Another preset that finds exposures. */
  #other: Preset | null = null;

  /** @param preset - the preset that found no exposure in the row. */
  note(row: JsonObject, preset: Preset): void {
    const shown = this.#other === null ? presetOf(row) : null;
    if (shown !== null && shown !== preset && shown.unwrap(row).length > 0) this.#other = shown;
    const name = NAMES.map((it) => columnOf(row, it)).find((it) => typeof it === "string");
    if (name === undefined) return;
    const known = this.#counts.get(name as string);
    if (known === undefined && this.#counts.size >= MAX_NAMES) return;
    this.#counts.set(name as string, (known ?? 0) + 1);
  }

  /** Names the right preset or the most frequent events, or returns an empty string if there were none. */
  text(): string {
    if (this.#other !== null) {
      return `, because the rows are those of --preset ${this.#other.name}: write it, or omit --preset`;
    }
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
