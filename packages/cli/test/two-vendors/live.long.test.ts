import "./live.test.js";
