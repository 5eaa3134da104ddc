import "./types.test.js";
