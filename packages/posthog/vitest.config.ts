import { project } from "../../test/project.ts";

export default project("posthog", { redis: true });
