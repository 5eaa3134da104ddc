/** An object of a vendor's payload. */
type Wire = Readonly<Record<string, unknown>>;

/** A deliberate fault in the payload of our side, which a differential test must find. */
export interface Sabotage {
  readonly name: string;
  /** Returns a copy with the fault. */
  readonly sabotage: (body: unknown) => unknown;
}

/** Copies a value, and changes every object in it, from the inside out. */
export function mapObjects(value: unknown, change: (object: Wire) => Wire): unknown {
  if (Array.isArray(value)) return value.map((it) => mapObjects(it, change));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, it]) => [key, mapObjects(it, change)]);
  return change(Object.fromEntries(entries));
}

/** Returns a fault that changes every object. */
export function fault(name: string, change: (object: Wire) => Wire): Sabotage {
  return { name, sabotage: (body) => mapObjects(body, change) };
}

/** Returns a fault for each operator, which replaces it with another one. */
export function wrongOperators(
  member: string,
  others: Readonly<Record<string, string>>,
): readonly Sabotage[] {
  return Object.entries(others).map(([operator, other]) =>
    fault(operator, (it) => (it[member] === operator ? { ...it, [member]: other } : it)),
  );
}
