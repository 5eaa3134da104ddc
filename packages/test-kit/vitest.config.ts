import { project } from "../../vitest.base.ts";

export default project("test-kit", { redis: true, quiet: true });
