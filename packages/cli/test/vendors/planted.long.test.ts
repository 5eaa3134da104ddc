import "./planted.test.js";
