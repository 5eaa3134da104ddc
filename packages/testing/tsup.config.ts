import { library } from "../../config/build/library.ts";

export default library({
  entries: ["index", "assert", "jest", "server", "vitest"],
  isReadable: true,
  augmentations: {
    vitest: `import type { SortitionMatchers } from "./vitest.cjs";
declare module "vitest" {
  interface Matchers<T> extends SortitionMatchers<void> {}
}
`,
  },
  bundled: ["proof", "test-kit"],
});
