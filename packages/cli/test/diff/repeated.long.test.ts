import "./repeated.test.js";
