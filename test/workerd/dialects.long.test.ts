import "./dialects.test.js";
