/** Returns the value of an own data property, or `undefined`. Does not call getters. */
export function ownValue(owner: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(owner, name)?.value;
}
