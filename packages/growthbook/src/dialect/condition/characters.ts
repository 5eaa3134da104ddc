import type { EvaluationCall } from "../evaluation/evaluation-call.js";
import { concatenable } from "../hash/hash.js";
import type { Entry } from "./compiled.js";
import { readMember } from "./path.js";

// Quirk: if a condition is a string, the vendor reads it as an object that maps indices to characters. If a list of
// conditions is a string, the vendor reads it as a list of characters (growthbook). The characters are not compiled one
// by one, because a payload may have millions.

/**
 * Compiles a string that is used as a condition. It matches if each character equals the attribute that is named after
 * the character's index.
 */
export function charactersByIndex(wire: string): Entry {
  return (root, context) => {
    for (let i = 0; i < wire.length; i++) {
      if (textAt(`${i}`, root, context) !== wire[i]) return false;
    }
    return true;
  };
}

/** Compiles a string that is used as an "any of" list. It matches if attribute `0` equals one of the characters. */
export function anyCharacter(wire: string): Entry {
  return (root, context) => {
    if (wire === "") return true;
    const text = textAt("0", root, context);
    return text.length === 1 && wire.includes(text);
  };
}

/** Compiles a string that is used as an "all of" list. It matches if attribute `0` equals each of the characters. */
export function everyCharacter(wire: string): Entry {
  return (root, context) => {
    for (let i = 0; i < wire.length; i++) {
      if (textAt("0", root, context) !== wire[i]) return false;
    }
    return true;
  };
}

function textAt(name: string, root: unknown, context: EvaluationCall): string {
  return concatenable(readMember(root, name, context));
}
