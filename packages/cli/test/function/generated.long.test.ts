import "./generated.test.js";
