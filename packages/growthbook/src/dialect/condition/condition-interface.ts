import type { VendorAny } from "../vendor-any.js";
import type { SavedGroupReference } from "../wire.js";

/** Condition that matches the members of a saved group. */
export type SavedGroupCondition = { $savedGroup: SavedGroupReference };

type TypeName = "string" | "number" | "boolean" | "array" | "object" | "null" | "undefined";

/** Operators for one attribute. */
type OperatorConditionValue = {
  $in?: (string | number)[];
  $ini?: (string | number)[];
  $inGroup?: string;
  $nin?: (string | number)[];
  $nini?: (string | number)[];
  $notInGroup?: string;
  $gt?: number | string;
  $gte?: number | string;
  $lt?: number | string;
  $lte?: number | string;
  $regex?: string;
  $regexi?: string;
  $ne?: number | string;
  $eq?: number | string;
  $exists?: boolean;
  $all?: ConditionValue[];
  $alli?: ConditionValue[];
  $size?: number | ConditionValue;
  $type?: TypeName;
  $elemMatch?: ConditionInterface | OperatorConditionValue;
  $not?: ConditionValue;
};

type ConditionValue =
  | OperatorConditionValue
  | string
  | number
  | boolean
  | VendorAny[]
  | Record<string, VendorAny>
  | null;

/** A condition on attributes. All members must match. */
export type ConditionInterface =
  | { $or: ConditionInterface[] }
  | { $nor: ConditionInterface[] }
  | { $and: ConditionInterface[] }
  | { $not: ConditionInterface }
  | SavedGroupCondition
  | { [key: string]: ConditionValue };
