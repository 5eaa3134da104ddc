import { nearText } from "../near.js";
import type { FlagTypes } from "./type-file.js";

/** Returns one line for each difference between the flags of a file and those of a configuration. */
export function typeDifferences(file: FlagTypes, configuration: FlagTypes): readonly string[] {
  const keys = [...new Set([...file.keys(), ...configuration.keys()])].sort();
  return keys.flatMap((key) => {
    const [before, after] = [file.get(key), configuration.get(key)];
    const name = JSON.stringify(key);
    if (before === after) return [];
    if (after === undefined) {
      return [`removed: ${name}${nearText(key, addedOf(file, configuration))}`];
    }
    if (before === undefined) return [`added: ${name} ${after}`];
    const isType = gettersIn(before) !== gettersIn(after);
    return [`${isType ? "type changed" : "values changed"}: ${name} ${before} → ${after}`];
  });
}

function addedOf(file: FlagTypes, configuration: FlagTypes): readonly string[] {
  return [...configuration.keys()].filter((key) => !file.has(key));
}

/** The names of the getters in the type of a flag. */
function gettersIn(type: string): string {
  const withoutStrings = type.slice(1, -1).replace(/"(?:[^"\\]|\\.)*"/g, "");
  let depth = 0;
  const top = [...withoutStrings].filter((character) => {
    if (character === "{") depth += 1;
    if (character === "}") depth -= 1;
    return depth === 0;
  });
  const names = top.join("").matchAll(/(\w+): /g);
  return [...names].map(([, name]) => name).join();
}
