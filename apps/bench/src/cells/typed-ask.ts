type Attributes = Readonly<Record<string, string>>;
type Getter<T> = (flagKey: string, subjectKey: string, attributes: Attributes, value: T) => unknown;

interface TypedClient {
  getBooleanAssignment: Getter<boolean>;
  getStringAssignment: Getter<string>;
  getIntegerAssignment: Getter<number>;
  getNumericAssignment: Getter<number>;
  getJSONAssignment: Getter<object>;
}

/** Evaluates one of a shop's flags, whose types take turns: booleans, strings, integers, numbers, JSON. */
export function askTyped(
  client: object,
  flag: number,
  ...[flagKey, subjectKey, attributes]: readonly [string, string, Attributes]
): unknown {
  const typed = client as TypedClient; // as Eppo's and ours
  switch (flag % 5) {
    case 0:
      return typed.getBooleanAssignment(flagKey, subjectKey, attributes, false);
    case 1:
      return typed.getStringAssignment(flagKey, subjectKey, attributes, "nothing");
    case 2:
      return typed.getIntegerAssignment(flagKey, subjectKey, attributes, 0);
    case 3:
      return typed.getNumericAssignment(flagKey, subjectKey, attributes, 0);
    default:
      return typed.getJSONAssignment(flagKey, subjectKey, attributes, NOTHING);
  }
}

const NOTHING = {};
