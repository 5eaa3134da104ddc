import "./core-patterns.test.js";
