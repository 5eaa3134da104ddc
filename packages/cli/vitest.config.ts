import { project } from "../../vitest.base.ts";

export default project("cli", { redis: true, quiet: true });
