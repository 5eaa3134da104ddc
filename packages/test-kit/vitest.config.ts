import { project } from "../../config/test/project.ts";

export default project("test-kit", { redis: true });
