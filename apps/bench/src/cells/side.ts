/**
 * Returns whether a participant is one of our packages, a vendor's SDK or a lower bound. Names of our packages contain the
 * project's name, and names of floors begin with `floor`.
 */
export function sideOf(name: string): "ours" | "vendor" | "floor" {
  if (name.startsWith("floor")) return "floor";
  return name.includes("sortition") ? "ours" : "vendor";
}
