// Starts the small modules. Every page reads and works without them.
import "./keys.js";
import "./countdown.js";
import "./panels.js";
import "./rows.js";
import "./scrolling.js";
import "./typing.js";
import "./folds.js";
import "./palette.js";
