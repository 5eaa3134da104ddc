import { project } from "../../test/project.ts";

export default project("test-kit", { redis: true });
