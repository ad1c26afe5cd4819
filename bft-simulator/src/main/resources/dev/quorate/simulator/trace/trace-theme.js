// Colours and how times are written.

const LIGHT = {
  page: "#f6f7f9", panel: "#ffffff", grid: "#e3e7ec", lane: "#c3cad3", text: "#1c2430", soft: "#5d6978",
  danger: "#d6181f", crash: "#d6181f", good: "#2b8a3e", fault: "#e8590c", down: "#868e96", call: "#0b7285",
  checkpoint: "#e67700", select: "#111827",
  types: {
    REQUEST: "#0b7285", PRE_PREPARE: "#1971c2", PREPARE: "#7048e8", COMMIT: "#2f9e44", REPLY: "#a08600",
    CHECKPOINT: "#e67700", STATUS: "#868e96", REQ_VIEW_CHANGE: "#e64980", VIEW_CHANGE: "#e03131", NEW_VIEW: "#9c36b5",
    VIEW_OK: "#ae3ec9",
  },
  others: ["#5c4033", "#087f5b", "#364fc7", "#a61e4d", "#5c940d", "#862e9c"],
  views: ["#4dabf7", "#ffa94d", "#69db7c", "#da77f2", "#ffd43b", "#63e6be", "#ff8787", "#91a7ff"],
  viewAlpha: 0.3,
};

const DARK = {
  page: "#12161c", panel: "#1a2028", grid: "#222a34", lane: "#455162", text: "#e4e9f0", soft: "#93a0b0",
  danger: "#ff6b6b", crash: "#ff6b6b", good: "#69db7c", fault: "#ff922b", down: "#868e96", call: "#66d9e8",
  checkpoint: "#ffc078", select: "#ffffff",
  types: {
    REQUEST: "#3bc9db", PRE_PREPARE: "#4dabf7", PREPARE: "#a48bff", COMMIT: "#51cf66", REPLY: "#e6c542",
    CHECKPOINT: "#ffa94d", STATUS: "#7d8894", REQ_VIEW_CHANGE: "#f783ac", VIEW_CHANGE: "#ff6b6b", NEW_VIEW: "#da77f2",
    VIEW_OK: "#e599f7",
  },
  others: ["#c49a7c", "#38d9a9", "#91a7ff", "#faa2c1", "#a9e34b", "#e599f7"],
  views: ["#228be6", "#f08c00", "#2f9e44", "#9c36b5", "#b08d00", "#0ca678", "#e03131", "#4263eb"],
  viewAlpha: 0.38,
};

const darkQuery = matchMedia("(prefers-color-scheme: dark)");

function theme() {
  return darkQuery.matches ? DARK : LIGHT;
}

function typeColour(model, colours, text) {
  const name = model.texts[text];
  return colours.types[name] || colours.others[model.typeIndex.get(text) % colours.others.length];
}

function viewColour(colours, view) {
  return colours.views[view % colours.views.length];
}

const UNITS = [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]];

/** A distance between two ticks that is 1, 2 or 5 times a power of ten, at least so many nanoseconds. */
function tickDistance(nanos) {
  const power = 10 ** Math.floor(Math.log10(Math.max(nanos, 1)));
  return [1, 2, 5, 10].map(m => m * power).find(d => d >= nanos);
}

/** A time with as many decimals as tell neighbouring ticks apart. */
function tickLabel(nanos, distance) {
  const [size, unit] = distance >= 1e8 ? UNITS[0] : UNITS[1];
  const decimals = Math.max(0, Math.min(6, -Math.floor(Math.log10(distance / size) + 1e-9)));
  return (nanos / size).toFixed(decimals) + " " + unit;
}

/** A time in milliseconds, to the nanosecond. */
function exactTime(nanos) {
  return (nanos / 1e6).toFixed(6) + " ms";
}

/** A duration in the unit that suits it. */
function duration(nanos) {
  const [size, unit] = UNITS.find(([s]) => nanos >= s) || UNITS[3];
  return Number((nanos / size).toPrecision(4)) + " " + unit;
}
