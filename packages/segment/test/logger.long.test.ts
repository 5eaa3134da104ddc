// Many requests.
import "./logger.test.js";
