import "./logger.test.js";
