import "./hostile.test.js";
