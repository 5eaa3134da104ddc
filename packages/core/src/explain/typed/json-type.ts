type JsonObject = Readonly<Record<string, unknown>>;

const INDEXED = /^[A-Za-z_$][\w$]*$/;

/** Returns the TypeScript type of several JSON values, with `unknown` where they conflict. */
export function jsonType(values: readonly unknown[]): string {
  const others = values.filter((value) => value !== null);
  if (others.length === 0) return "null";
  const kinds = new Set(others.map(kindOf));
  if (kinds.size > 1) return "unknown";
  const type = typeOfKind([...kinds][0] ?? "", others);
  return others.length === values.length || type === "unknown" ? type : `${type} | null`;
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? "array" : typeof value;
}

function typeOfKind(kind: string, values: readonly unknown[]): string {
  if (kind === "array") {
    const elements = (values as readonly (readonly unknown[])[]).flat(1);
    return elements.length === 0 ? "unknown[]" : `(${jsonType(elements)})[]`;
  }
  return kind === "object" ? objectType(values as readonly JsonObject[]) : kind;
}

/** Returns the type of several objects. Members that some objects lack are optional. */
function objectType(objects: readonly JsonObject[]): string {
  const members = new Map<string, unknown[]>();
  for (const object of objects) {
    for (const [name, value] of Object.entries(object)) {
      const known = members.get(name);
      if (known === undefined) members.set(name, [value]);
      else known.push(value);
    }
  }
  if (members.size === 0) return "Record<string, never>";
  const texts = [...members]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, values]) => {
      const mark = values.length < objects.length ? "?" : "";
      return `${INDEXED.test(name) ? name : JSON.stringify(name)}${mark}: ${jsonType(values)}`;
    });
  return `{ ${texts.join("; ")} }`;
}
