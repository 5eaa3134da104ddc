import "./mapping.test.js";
