import type { Budget } from "./budget.js";

/** A set of UTF-16 code units: its ranges in ascending order, `[from, to, from, to, …]`, both bounds included. */
export type CharSet = readonly number[];

/** All code units in ascending order. */
let units = "";

/**
 * The units that a part of a pattern matches which matches one unit: a character, an escape or a class.
 *
 * @throws if the budget is spent.
 */
export function setOf(part: string, isFolded: boolean, budget: Budget): CharSet {
  const character = part.slice(-1);
  const forms = isFolded ? [character.toUpperCase(), character.toLowerCase()] : [character];
  const hasCase = forms[0] !== forms.at(-1);
  // Letters of other alphabets may have more forms.
  if (/^(?:[^.]|\\\W)$/.test(part) && (!hasCase || character < "\x80")) {
    return (hasCase ? forms : [character]).flatMap((it) => [it.charCodeAt(0), it.charCodeAt(0)]);
  }
  // JavaScript knows best what the syntax means.
  budget.spend(COST);
  units ||= Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).join("");
  const runs = units.matchAll(new RegExp(`${part}+`, isFolded ? "gi" : "g"));
  return [...runs].flatMap(({ 0: run, index }) => [index, index + run.length - 1]);
}

/** Of looking at all units: it takes as long as that many edges. */
const COST = 1_500;
