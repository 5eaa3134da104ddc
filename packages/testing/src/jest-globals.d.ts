// The part of Jest's types that we use. Only Jest users have the real ones installed.
declare module "@jest/globals" {
  export function describe(name: string, body: () => void): void;
  export function it(name: string, test: () => void | Promise<void>): void;
  export const expect: { extend(matchers: object): void };
}

declare module "@jest/expect" {
  export interface Matchers<R extends void | Promise<void>> {}
}
