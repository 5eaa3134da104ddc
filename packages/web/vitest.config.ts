import { project } from "../../test/project.ts";

export default project("web");
