/** Keys and indices from the root of a JSON document to a node. Empty: the root. */
export type JsonPath = readonly (string | number)[];

/** Returns the path of each node of a document, the root first. */
export function pathsOf(document: unknown): JsonPath[] {
  const paths: JsonPath[] = [];
  const pending: (readonly [JsonPath, unknown])[] = [[[], document]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [path, node] = next;
    paths.push(path);
    for (const [key, child] of childrenOf(node)) pending.push([[...path, key], child]);
  }
  return paths;
}

/** Formats a path like issues and errors: `$.flags["checkout"].allocations[2]`. */
export function pathText(path: JsonPath): string {
  const steps = path.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    return /^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  return `$${steps.join("")}`;
}

/**
 * Copies a document with one node replaced. Only the containers on the path are copied.
 *
 * @param change - returns the new node, or {@link REMOVED} to remove it. Removing an element moves
 * the later elements up.
 */
export function withNode(
  document: unknown,
  path: JsonPath,
  change: (node: unknown) => unknown,
): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(document);
  if (Array.isArray(document)) {
    return document.flatMap((child: unknown, index) => {
      if (index !== key) return [child];
      const changed = withNode(child, rest, change);
      return changed === REMOVED ? [] : [changed];
    });
  }
  const entries = childrenOf(document).flatMap(([name, child]) => {
    if (name !== key) return [[name, child] as const];
    const changed = withNode(child, rest, change);
    return changed === REMOVED ? [] : [[name, changed] as const];
  });
  return Object.fromEntries(entries); // `__proto__` becomes an own member
}

/** Removes a node from its container, see {@link withNode}. */
export const REMOVED: unique symbol = Symbol("removed");

function childrenOf(node: unknown): readonly (readonly [string | number, unknown])[] {
  if (Array.isArray(node)) return node.map((child: unknown, index) => [index, child] as const);
  return typeof node === "object" && node !== null ? Object.entries(node) : [];
}
