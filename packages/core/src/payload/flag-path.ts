import { member } from "../conditions/decode.js";
import type { FlagsPlace } from "./raw-flags.js";

/** Returns the JSON path of a flag: `$.flags["checkout"]` in a map, `$.flags[?(@.key=="checkout")]` in a list. */
export function flagPath({ keyMember = "", member: name, shape }: FlagsPlace, key: string): string {
  const flags = name === null ? "$" : `$.${name}`;
  return shape === "map"
    ? member(flags, key)
    : `${flags}[?(@.${keyMember}==${JSON.stringify(key)})]`;
}
