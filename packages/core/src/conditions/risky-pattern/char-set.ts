import type { Budget } from "./budget.js";

/** A set of UTF-16 code units: its ranges in ascending order, `[from, to, from, to, …]`, both bounds included. */
export type CharSet = readonly number[];

/** All code units in ascending order. */
let units = "";

/**
 * Returns the code units that match a one-unit part of a pattern: a character, an escape or a class.
 *
 * @throws if the budget is spent.
 */
export function setOf(part: string, flags: string, budget: Budget): CharSet {
  const isFolded = flags.includes("i");
  const character = part.slice(-1);
  const forms = isFolded ? [character.toUpperCase(), character.toLowerCase()] : [character];
  const hasCase = forms[0] !== forms.at(-1);
  // ASCII letters have exactly two forms. Other letters may have more, so they are matched below.
  if (/^(?:[^.]|\\\W)$/.test(part) && (!hasCase || character < "\x80")) {
    return (hasCase ? forms : [character]).flatMap((it) => [it.charCodeAt(0), it.charCodeAt(0)]);
  }
  // Matches every code unit against the part, so that the engine interprets the syntax.
  budget.spend(COST);
  units ||= Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).join("");
  const runs = units.matchAll(new RegExp(`${part}+`, `g${flags.replace(/[dguvy]/g, "")}`));
  return [...runs].flatMap(({ 0: run, index }) => [index, index + run.length - 1]);
}

/** Cost of matching all code units: about as long as visiting this many edges. */
const COST = 1_500;
