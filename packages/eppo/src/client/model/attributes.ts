/** Value of an attribute. */
export type AttributeType = string | number | boolean;

/** Attributes of a subject or an action, by name. */
export type Attributes = Record<string, AttributeType>;

/** Attributes by kind. */
export interface ContextAttributes {
  numericAttributes: Attributes;
  categoricalAttributes: Attributes;
}

/** Attributes of the subject of a bandit: by kind, or flat. */
export type BanditSubjectAttributes = Attributes | ContextAttributes;

/** What a bandit chooses from: names, or attributes by name, each by kind or flat. */
export type BanditActions =
  | string[]
  | Record<string, Attributes>
  | Record<string, ContextAttributes>;
