/** Value of an attribute. */
export type AttributeType = string | number | boolean;

/** Attributes of a subject or an action, by name. */
export type Attributes = Record<string, AttributeType>;

/** Attributes by kind. */
export interface ContextAttributes {
  numericAttributes: Attributes;
  categoricalAttributes: Attributes;
}

/** Attributes of a bandit's subject, by kind or flat. */
export type BanditSubjectAttributes = Attributes | ContextAttributes;

/** The actions that a bandit chooses from: names, or attributes by name, each by kind or flat. */
export type BanditActions =
  | string[]
  | Record<string, Attributes>
  | Record<string, ContextAttributes>;
