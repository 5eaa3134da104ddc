import "./tables.test.js";
