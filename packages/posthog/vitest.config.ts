import { project } from "../../vitest.base.ts";

export default project("posthog", { redis: true });
