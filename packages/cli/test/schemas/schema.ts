/** The subset of JSON Schema that the documentation uses. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Returns what the schema does not allow in a value, with its path. Members that the schema does not list are
 * problems, too, because the documentation lists all of them.
 *
 * @param seen - receives the schema path of each member that the value has.
 */
export function problemsOf(value: unknown, root: Schema, seen: Set<string>): string[] {
  const at = (it: unknown, schema: Schema, path: string): string[] => {
    const { $ref } = schema;
    if ($ref !== undefined) {
      return at(it, root.$defs?.[$ref.replace("#/$defs/", "")] ?? { enum: [] }, path);
    }
    if (schema.anyOf !== undefined) {
      const tried = schema.anyOf.map((one) => at(it, one, path));
      return tried.some((problems) => problems.length === 0) ? [] : tried.flat();
    }
    if (schema.enum !== undefined) {
      return schema.enum.includes(it) ? [] : [`${path}: ${JSON.stringify(it)} is not listed`];
    }
    const types = [schema.type ?? []].flat();
    if (types.length > 0 && !types.some((type) => isOfType(it, type))) {
      return [`${path}: ${JSON.stringify(it)} is not ${types.join(" or ")}`];
    }
    if (Array.isArray(it)) return it.flatMap((one) => at(one, schema.items ?? {}, `${path}[]`));
    if (typeof it !== "object" || it === null) return [];
    return ofObject(it as JsonObject, schema, path);
  };
  const ofObject = (it: JsonObject, schema: Schema, path: string): string[] => {
    const { additionalProperties, properties = {}, propertyNames, required = [] } = schema;
    const missing = required.filter((name) => !Object.hasOwn(it, name));
    const members = Object.entries(it).flatMap(([name, member]) => {
      const known = properties[name] ?? additionalProperties;
      if (known === undefined) return [`${path}.${name} is not documented`];
      if (Object.hasOwn(properties, name)) seen.add(`${path}.${name}`);
      const ofName = propertyNames === undefined ? [] : at(name, propertyNames, path);
      return [...ofName, ...at(member, known, `${path}.${name}`)];
    });
    return [...missing.map((name) => `${path}.${name} is missing`), ...members];
  };
  return at(value, root, "$");
}

/** The paths of all members that a schema has. */
export function membersOf(root: Schema): readonly string[] {
  const at = (schema: Schema, path: string): string[] => {
    const { $ref } = schema;
    const target = $ref === undefined ? schema : root.$defs?.[$ref.replace("#/$defs/", "")];
    if (target === undefined) return [];
    const { anyOf = [], items, properties = {} } = target;
    return [
      ...anyOf.flatMap((one) => at(one, path)),
      ...(items === undefined ? [] : at(items, `${path}[]`)),
      ...Object.entries(properties).flatMap(([name, member]) => {
        return [`${path}.${name}`, ...at(member, `${path}.${name}`)];
      }),
    ];
  };
  return [...new Set(at(root, "$"))];
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}
