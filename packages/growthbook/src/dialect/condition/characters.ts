import type { EvaluationCall } from "../evaluation/evaluation-call.js";
import { concatenable } from "../hash/hash.js";
import type { Entry } from "./compiled.js";
import { readMember } from "./path.js";

// Quirk: the vendor reads a string in place of a condition as an object of its characters by index, and one in place of a
// list of conditions as a list of its characters (growthbook). Nothing is compiled for each character: a payload may have
// millions.

/** A string in place of a condition holds if each character equals the attribute whose name is its index. */
export function charactersByIndex(wire: string): Entry {
  return (root, context) => {
    for (let i = 0; i < wire.length; i++) {
      if (textAt(`${i}`, root, context) !== wire[i]) return false;
    }
    return true;
  };
}

/** A string in place of a list of which one condition must hold: it holds if attribute `0` equals one of its characters. */
export function anyCharacter(wire: string): Entry {
  return (root, context) => {
    if (wire === "") return true;
    const text = textAt("0", root, context);
    return text.length === 1 && wire.includes(text);
  };
}

/** A string in place of a list whose conditions must all hold: it holds if attribute `0` equals each of its characters. */
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
