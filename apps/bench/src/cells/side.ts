/**
 * Whose figure it is: of a package of this repository, of a vendor's SDK, or of a lower bound. By the name of a
 * participant: ours all name the project, floors all start alike.
 */
export function sideOf(name: string): "ours" | "vendor" | "floor" {
  if (name.startsWith("floor")) return "floor";
  return name.includes("sortition") ? "ours" : "vendor";
}
