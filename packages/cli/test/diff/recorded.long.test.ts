import "./recorded.test.js";
