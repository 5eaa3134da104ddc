/** The value of an own data property; `undefined` without one. No getter is called. */
export function ownValue(owner: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(owner, name)?.value;
}
