// The shapes of marks.

/** In the order of the legend. */
const STEP_SHAPES = ["COMMITTED", "EXECUTED", "CHECKPOINT", "VIEW_ENTERED", "TIMER", "CRASHED", "RESTARTED", "PAUSED",
  "RESUMED", "FAULT_BEGINS", "FAULT_ENDS", "INVOKED", "COMPLETED", "GAVE_UP", "NOTE", "VIOLATION"];

/** How far below the lane a mark is drawn, in pixels, so that those that often coincide do not hide each other. */
const SHAPE_OFFSET = { COMMITTED: -6, EXECUTED: 4, TIMER: -14, NOTE: -14 };

/** Where marks are many, these become mere ticks. */
const SMALL = new Set(["COMMITTED", "EXECUTED", "CHECKPOINT", "TIMER", "INVOKED", "COMPLETED", "GAVE_UP", "NOTE"]);

function drawSmall(g, colours, step, x, laneY) {
  const calls = step === "INVOKED" || step === "COMPLETED";
  g.fillStyle = shapeColour(colours, step);
  g.globalAlpha = calls ? 0.25 : 0.8;
  g.fillRect(x - 0.5, laneY + (step === "CHECKPOINT" ? 6 : SHAPE_OFFSET[step] || 0) - 2, 1, step === "GAVE_UP" ? 7 : 4);
  g.globalAlpha = 1;
}

const MARK_NAMES = {
  COMMITTED: "committed", EXECUTED: "executed", CHECKPOINT: "checkpoint", VIEW_ENTERED: "view entered", TIMER: "timer",
  CRASHED: "crash", RESTARTED: "restart", PAUSED: "paused", RESUMED: "resumed", FAULT_BEGINS: "fault begins",
  FAULT_ENDS: "fault ends", INVOKED: "invoked", COMPLETED: "completed", GAVE_UP: "gave up", NOTE: "note",
  VIOLATION: "violation",
};

function shapeColour(colours, step) {
  switch (step) {
    case "COMMITTED": return colours.good;
    case "EXECUTED": return colours.text;
    case "CHECKPOINT": return colours.checkpoint;
    case "CRASHED": case "VIOLATION": case "GAVE_UP": return colours.danger;
    case "RESTARTED": case "RESUMED": return colours.good;
    case "FAULT_BEGINS": case "FAULT_ENDS": return colours.fault;
    case "INVOKED": case "COMPLETED": return colours.call;
    default: return colours.soft;
  }
}

function drawShape(g, colours, step, x, laneY) {
  const y = laneY + (SHAPE_OFFSET[step] || 0);
  g.fillStyle = g.strokeStyle = shapeColour(colours, step);
  g.lineWidth = 1.5;
  g.beginPath();
  switch (step) {
    case "COMMITTED":
      g.arc(x, y, 2.7, 0, 2 * Math.PI);
      g.fillStyle = colours.page;
      g.fill();
      g.stroke();
      break;
    case "EXECUTED":
      g.fillRect(x - 2.5, y - 2.5, 5, 5);
      break;
    case "CHECKPOINT":
      g.moveTo(x, y - 7); g.lineTo(x + 6, y); g.lineTo(x, y + 7); g.lineTo(x - 6, y);
      g.fill();
      break;
    case "CRASHED":
      g.lineWidth = 2.5;
      g.moveTo(x - 6, y - 6); g.lineTo(x + 6, y + 6); g.moveTo(x - 6, y + 6); g.lineTo(x + 6, y - 6);
      g.stroke();
      break;
    case "RESTARTED": case "RESUMED":
      g.moveTo(x - 4, y - 7); g.lineTo(x + 7, y); g.lineTo(x - 4, y + 7);
      g.fill();
      break;
    case "PAUSED":
      g.fillRect(x - 4, y - 6, 3, 12);
      g.fillRect(x + 1, y - 6, 3, 12);
      break;
    case "VIEW_ENTERED":
      g.fillRect(x - 1, y - BAND / 2 - 3, 2, BAND + 6);
      break;
    case "INVOKED": case "COMPLETED":
      g.fillRect(x - 1, y - BAND / 2, 2, BAND);
      break;
    case "GAVE_UP":
      g.moveTo(x - 4, y - 4); g.lineTo(x + 4, y + 4); g.moveTo(x - 4, y + 4); g.lineTo(x + 4, y - 4);
      g.stroke();
      break;
    case "VIOLATION":
      g.lineWidth = 3;
      g.arc(x, y, 9, 0, 2 * Math.PI);
      g.stroke();
      break;
    case "FAULT_BEGINS": case "FAULT_ENDS":
      break;
    default:
      g.arc(x, y, 2, 0, 2 * Math.PI);
      g.fill();
  }
}
