import type { EvaluationContext } from "../evaluation/context.js";
import { concatenable } from "../hash/hash.js";
import type { Entry } from "./compiled.js";
import { readMember } from "./path.js";

// Quirk: a string is an object of its characters by index, and a list of them (growthbook). What it means is found
// without going through its characters: a payload may have millions.

/** A string in place of a condition: each member of that index is the character. */
export function charactersByIndex(wire: string): Entry {
  return (root, context) => {
    for (let i = 0; i < wire.length; i++) {
      if (textAt(`${i}`, root, context) !== wire[i]) return false;
    }
    return true;
  };
}

/** A string in place of a list of conditions of which one must hold: the member `0` is one of the characters. */
export function anyCharacter(wire: string): Entry {
  return (root, context) => {
    if (wire === "") return true;
    const text = textAt("0", root, context);
    return text.length === 1 && wire.includes(text);
  };
}

/** A string in place of a list of conditions that must all hold: the member `0` is each of the characters. */
export function everyCharacter(wire: string): Entry {
  return (root, context) => {
    for (let i = 0; i < wire.length; i++) {
      if (textAt("0", root, context) !== wire[i]) return false;
    }
    return true;
  };
}

function textAt(name: string, root: unknown, context: EvaluationContext): string {
  return concatenable(readMember(root, name, context));
}
