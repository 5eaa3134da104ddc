// Next is not installed here.
declare module "next/server" {
  export function after(task: () => Promise<unknown>): void;
}
