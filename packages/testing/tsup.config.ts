import { library } from "../../config/build/library.ts";

export default library({
  entries: ["index", "assert", "jest", "server", "vitest"],
  isReadable: true,
  bundled: ["proof", "test-kit"],
});
